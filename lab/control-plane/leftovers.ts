import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity, readIdentity } from '../engine/process-identity';

export const FOLDER_PREFIX = 'lunward-control-plane-';

const HOUR = 3_600_000;

/** Removes the folders of control planes whose supervisor was killed before it could. */
export function removeLeftovers(base = tmpdir()): void {
  for (const name of readdirSync(base)) {
    const folder = join(base, name);
    if (!name.startsWith(FOLDER_PREFIX) || !isAbandoned(folder)) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

export function isAbandoned(folder: string): boolean {
  const supervisor = readSupervisor(folder);
  if (supervisor) return !isAlive(supervisor);
  const status = statSync(folder, { throwIfNoEntry: false });
  // One that is just being started has none yet. Another user's is not ours to judge.
  return status !== undefined && status.uid === process.getuid?.() && Date.now() - status.mtimeMs > HOUR;
}

export function readSupervisor(folder: string): ProcessIdentity | undefined {
  return readIdentity(join(folder, 'supervisor.json'));
}
