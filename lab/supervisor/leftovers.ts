import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSupervisor } from '../control-plane/leftovers';
import { isAlive } from '../engine/process-identity';

/** A lab that is just being started has no supervisor yet. */
const START_MILLISECONDS = 600_000;

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

function isAbandoned(folder: string): boolean {
  const supervisor = readSupervisor(folder);
  if (supervisor) return !isAlive(supervisor);
  return Date.now() - statSync(folder).mtimeMs > START_MILLISECONDS;
}
