import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity, readIdentity } from './process-identity';

/**
 * Runs `work` while no other process does. A holder that died is recognised by
 * its process number and start time, so that a killed build blocks nobody.
 */
export async function withLock<T>(path: string, onWait: (holder: number) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let announced = false;
  for (let holder = acquire(path); holder !== undefined; holder = acquire(path)) {
    if (!announced) onWait(holder.pid);
    announced = true;
    await sleep(250);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Returns the living holder, or nothing when the lock is ours. */
function acquire(path: string): ProcessIdentity | undefined {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(identify(process.pid)));
  try {
    // A link appears with its content, unlike a file that is created and then written.
    linkSync(draft, path);
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const holder = readIdentity(path);
  if (holder && isAlive(holder)) return holder;
  breakLock(path, holder);
  return acquire(path);
}

/** Removes a dead holder's lock, but gives it back if another process has just taken it. */
function breakLock(path: string, dead: ProcessIdentity | undefined): void {
  const aside = `${path}.broken.${process.pid}`;
  try {
    renameSync(path, aside);
    const taken = readIdentity(aside);
    if (taken && (taken.pid !== dead?.pid || taken.start !== dead.start)) linkSync(aside, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
