import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createJiti } from 'jiti';
import { type Cluster, isCluster } from '../cluster/cluster';
import { emptyLock, type Lock, lockFileName, parseLock } from '../cluster/lock';
import { UserError } from '../spec/problems';

/** Name of the description where none is given. */
export const defaultDescription = 'cluster.ts';

/** A description and the lock beside it. */
export interface LoadedCluster {
  readonly cluster: Cluster;
  readonly lock: Lock;
  /** Absolute path of the description. */
  readonly file: string;
}

/**
 * Loads a description as it stands on disk, transpiled here and now: nothing that was compiled before can be applied.
 *
 * @throws UserError when there is no such file or it exports no cluster; DescriptionError with all of its problems.
 */
export async function loadCluster(file: string = defaultDescription): Promise<LoadedCluster> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new UserError(
      `There is no description at ${absolute}; name it with --file, or make one in an empty folder with \`lunward init\``,
    );
  }
  const jiti = createJiti(absolute, { moduleCache: false });
  const cluster = await jiti.import(absolute, { default: true });
  if (!isCluster(cluster)) {
    throw new UserError(`${absolute} exports no cluster: it must say \`export default defineCluster({ … })\``);
  }
  return { cluster, lock: readLock(absolute), file: absolute };
}

function readLock(file: string): Lock {
  const lockFile = path.join(path.dirname(file), lockFileName);
  return existsSync(lockFile) ? parseLock(readFileSync(lockFile, 'utf8'), lockFile) : emptyLock;
}
