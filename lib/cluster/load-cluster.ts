import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createJiti } from 'jiti';
import { UserError } from '../core/problems';
import { type Cluster, isCluster } from './cluster';
import { descriptionError } from './description-error';
import { emptyLock, type Lock, lockFileName, parseLock } from './lock';
import { writeWhole } from './write-whole';

/** Default file name of the description. */
export const defaultDescription = 'cluster.ts';

/** A description and the lock file next to it. */
export interface LoadedCluster {
  readonly cluster: Cluster;
  /** Content of the lock file; `emptyLock` if there is none. */
  readonly lock: Lock;
  /** Absolute path of the description. */
  readonly file: string;
}

/**
 * Loads a description from disk and transpiles it on every load, so that outdated compiled code is never applied.
 *
 * @throws UserError if the file does not exist, cannot be loaded, or exports no cluster
 * @throws DescriptionError with all problems of the description
 */
export async function loadCluster(file: string = defaultDescription): Promise<LoadedCluster> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new UserError(
      `There is no description at ${absolute}; name it with --file, or make one in an empty folder with \`lunward init\``,
      { category: 'usage', code: 'description-missing' },
    );
  }
  if (!statSync(absolute).isFile()) {
    throw new UserError(`${absolute} is a folder; name the file in it: --file ${path.join(file, defaultDescription)}`, {
      category: 'usage',
      code: 'description-missing',
    });
  }
  const cluster = await importDefault(absolute);
  if (!isCluster(cluster)) {
    throw new UserError(`${absolute} exports no cluster: it must say \`export default defineCluster({ … })\``, {
      category: 'usage',
      code: 'description-invalid',
    });
  }
  return { cluster, lock: readLock(absolute), file: absolute };
}

// TypeScript comes first: `./apps` means the source, not compiled output next to it.
const extensions = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'];

const options = {
  extensions,
  moduleCache: false,
  // jiti's cache of transpiled files may be in a folder that other users can write to, and cached files are executed.
  fsCache: false,
};

async function importDefault(file: string): Promise<unknown> {
  try {
    return await createJiti(file, options).import(file, { default: true });
  } catch (error) {
    throw descriptionError(error, file);
  }
}

/** Reads the lock file next to a description, changes it and writes it back, unless that changes nothing. */
export function changeLock(file: string, change: (lock: Lock) => Lock): 'changed' | 'unchanged' {
  const lock = readLock(path.resolve(file));
  const changed = change(lock);
  if (isDeepStrictEqual(changed, lock)) return 'unchanged';
  writeWhole(lockFileOf(path.resolve(file)), `${JSON.stringify(changed, undefined, 2)}\n`);
  return 'changed';
}

const lockFileOf = (file: string) => path.join(path.dirname(file), lockFileName);

function readLock(file: string): Lock {
  const lockFile = lockFileOf(file);
  return existsSync(lockFile) ? parseLock(readFileSync(lockFile, 'utf8'), lockFile) : emptyLock;
}
