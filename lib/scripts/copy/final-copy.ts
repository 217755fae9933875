import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';
import { FOREIGN_COMPLAINT } from './ignorable-sqlite-errors';
import { database, names } from './probe-source';

const count = z.number().int();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** `files` counts every name; `bytes` counts a file with several names once. */
const amount = z.object({ files: count, bytes: count });

const facts = z.object({
  /** Files that were not read: their hashes from while the app ran still held on both sides. */
  vouched: amount,
  /** All other files. They were read on both sides after the copy, and their bytes are equal. */
  hashed: amount,
  /** What was copied, and how many entries were deleted because the source no longer has them. */
  copied: amount.extend({ deleted: count }),
  /**
   * Bytes read from the source and from the target's disk until everything was compared. The source's number counts
   * copied files twice.
   */
  bytesRead: z.object({ source: count, target: count }),
  /** All entries on the volume, without the root folder. */
  entries: count,
  files: count,
  /** Size of all files; a file with several names counts once. */
  bytes: count,
  /** SQLite databases, each checked as a whole on a copy. Both sides had the same bytes at that time. */
  databases: z.array(
    database.extend({
      /** The first 200 by name, only of databases that are whole. */
      tables: z.array(z.object({ name: z.string(), rows: count })),
    }),
  ),
  /** Files that were removed while a client had them open. Empty if no client has the source mounted. */
  removedWhileOpen: names,
  /** Paths of files whose text differs from the source's. */
  patched: z.array(z.string()),
  /** Digest of the source; see `scanSource`. */
  scan: digest,
  /** SHA-256 of `/.lunward/manifest`, as named in the marker. */
  manifest: digest,
  /** Duration of each part, all within the app's downtime. All are 0 if an earlier run sealed the volume. */
  milliseconds: z.object({
    list: count,
    copy: count,
    scan: count,
    compare: count,
    hash: count,
    databases: count,
    seal: count,
  }),
});

/** What the final copy did while the app was down. */
export type FinalCopied = z.infer<typeof facts>;

/** A file that gets another text on the volume. */
export interface FilePatch {
  /** Path relative to the volume's root. */
  readonly path: string;
  /** SHA-256 of the source's text, as hexadecimal digits. */
  readonly sha256: string;
  readonly text: string;
}

export interface FinalCopyProps extends CopyProps {
  readonly patches: readonly FilePatch[];
}

/**
 * Completes the copy of a volume while no process writes to it, proves that it is complete, writes the patches, and
 * seals the volume. `unchanged` if this very attempt has already sealed it. It declines, and the volume stays marked as
 * being built, if source and copy can't be made equal or do not stay equal, if a database is damaged, or if a patch was
 * made from another text.
 */
export function finalCopy(props: FinalCopyProps): Script<FinalCopied> {
  const { patches } = props;
  return renderScript(
    'copy/final-copy',
    { ...copyParameters(props), processes: 8, foreign: FOREIGN_COMPLAINT },
    facts,
    {
      ...copySecrets(props),
      // Known only once the app is stopped, when the script has already been approved.
      patch_paths: patches.map(({ path }) => path),
      patch_hashes: patches.map(({ sha256 }) => sha256),
      patch_texts: patches.map(({ text }) => Buffer.from(text).toString('base64')),
    },
  );
}
