import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSupervisor } from '../control-plane/leftovers';
import { isAlive, readIdentity } from '../engine/process-identity';

/** Names the process that starts a lab, in its folder. */
export const STARTER = 'starter.json';

/** Removes what labs left behind whose supervisor was killed before it could; their machines died with it. */
export function removeLeftovers(labs: string): void {
  if (!existsSync(labs)) return;
  for (const name of readdirSync(labs)) {
    const folder = join(labs, name);
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** The names of the labs that run. */
export function runningLabs(labs: string): string[] {
  if (!existsSync(labs)) return [];
  return readdirSync(labs).filter((name) => {
    const supervisor = readSupervisor(join(labs, name));
    return supervisor !== undefined && isAlive(supervisor);
  });
}

/** Until there is a supervisor, a folder belongs to the process that makes it. */
function isAbandoned(folder: string): boolean {
  const owner = readSupervisor(folder) ?? readIdentity(join(folder, STARTER));
  return owner === undefined || !isAlive(owner);
}
