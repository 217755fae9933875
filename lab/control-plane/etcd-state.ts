import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Copies the data of an etcd that does not run. `target` appears whole or not
 * at all; it must not be there before.
 */
export async function copyState(source: string, target: string): Promise<void> {
  const draft = `${target}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  // What is so named is space for the log that etcd set aside, and sets aside anew: 64 MB of zeros.
  await cp(source, draft, { recursive: true, filter: (path) => !path.endsWith('.tmp') });
  await rename(draft, target);
}

/** The data of etcd in an exported control plane. */
export function savedState(folder: string): string {
  return join(folder, 'etcd');
}

/** Fails where nothing can be saved to. */
export function checkFree(folder: string): void {
  if (!existsSync(folder)) return;
  throw new Error(`can't save the state to ${folder}: it is there already; remove it, or choose another name`);
}

/** Fails where nothing was saved. */
export function checkSaved(folder: string): void {
  if (existsSync(join(folder, 'member', 'snap', 'db'))) return;
  throw new Error(`can't load the state from ${folder}: expected a folder that save() made`);
}
