import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../engine/lock';
import type { Progress } from '../engine/progress';
import { run } from '../engine/run';
import { removeUnused } from './unused';

const IDENTITY = 'identity';

/**
 * A folder of the cache that is made once from what its name's hash stands for. It appears whole or not at all, and may
 * be deleted at any time while no lab runs.
 */
export async function ensureStored(
  options: {
    /** The cache's root. */
    readonly root: string;
    /** What it holds, as the first part of its name. */
    readonly kind: string;
    /** Everything that its content depends on. */
    readonly inputs: readonly string[];
    /** What to tell while it is made. */
    readonly title: string;
  },
  progress: Progress,
  /** Makes the content in an empty folder. */
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const { root, kind, inputs, title } = options;
  const folder = join(root, `${kind}-${hashOf(inputs)}`);
  const markUsed = () => utimesSync(folder, new Date(), new Date());
  // What an earlier version made has no identity.
  const isWhole = () => existsSync(join(folder, IDENTITY));
  if (isWhole()) {
    markUsed();
    return folder;
  }
  mkdirSync(root, { recursive: true });
  await withLock(
    `${folder}.lock`,
    (pid) => progress.say(`Process ${pid} is making ${folder}; waiting for it.`),
    async () => {
      if (isWhole()) return;
      const draft = `${folder}.draft`;
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { mode: 0o700 });
      try {
        await progress.step(title, () => make(draft));
        writeFileSync(join(draft, IDENTITY), randomUUID());
        // It outlives a loss of the host's power, with all of its content or not at all.
        await run('sync', ['--file-system', draft]);
        rmSync(folder, { recursive: true, force: true });
        renameSync(draft, folder);
        removeUnused(root, kind);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    },
  );
  return folder;
}

/**
 * Differs each time that a folder is made, as an input of what is built on its bytes: the same inputs do not give the same
 * disk image twice, and saved machines over another one's blocks would read nonsense.
 */
export function identityOf(folder: string): string {
  return readFileSync(join(folder, IDENTITY), 'utf8');
}

function hashOf(inputs: readonly string[]): string {
  return hashOfText(inputs.map(hashOfText).join('\n')).slice(0, 16);
}

function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The files of a folder and all below it with their names, as an input. */
export function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file.slice(folder.length)}\0${readFileSync(file, 'utf8')}`)
    .join('\0');
}
