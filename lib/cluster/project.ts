import path from 'node:path';
import { changeLock, defaultDescription, type LoadedCluster, loadCluster } from './load-cluster';
import type { Lock } from './lock';

/** A description on disk, and its lock file. */
export interface Project {
  /** Absolute path of the description. */
  readonly file: string;
  /** Reads both as they are at the moment. @throws UserError as `loadCluster` does */
  load(): Promise<LoadedCluster>;
  /** Changes the lock file as it is at the moment. */
  changeLock(change: (lock: Lock) => Lock): Promise<void>;
}

export function projectAt(file: string = defaultDescription): Project {
  const absolute = path.resolve(file);
  return {
    file: absolute,
    load: () => loadCluster(absolute),
    changeLock: async (change) => changeLock(absolute, change),
  };
}
