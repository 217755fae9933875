import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';
import { FOREIGN_COMPLAINT } from './ignorable-sqlite-errors';
import { database, names } from './probe-source';

const count = z.number().int();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Files, each name of one, and their length, in which one of several names counts once. */
const amount = z.object({ files: count, bytes: count });

const facts = z.object({
  /** Files that were not read: what was hashed of them while the app ran still held, on both sides. */
  vouched: amount,
  /** All others. They were read, on both sides, once they were copied, and hold the same. */
  hashed: amount,
  /** What was copied, and removed because the source has it no more. */
  copied: amount.extend({ deleted: count }),
  /** From the server and from the disk, until all was compared: what was copied is among them twice on the source's side. */
  bytesRead: z.object({ source: count, target: count }),
  /** Everything on the volume, without the folder itself. */
  entries: count,
  files: count,
  /** Length of all files; one of several names counts once. */
  bytes: count,
  /** Databases of SQLite, each checked on a copy, all of it. Both sides had the same bytes then. */
  databases: z.array(
    database.extend({
      /** The first 200 by name, of those that are whole. */
      tables: z.array(z.object({ name: z.string(), rows: count })),
    }),
  ),
  /** Files that some client still has open, and that were removed: none where nobody has the source mounted. */
  removedWhileOpen: names,
  /** Paths of files that have another text than the source's. */
  patched: z.array(z.string()),
  /** Of the source; see `scanSource`. */
  scan: digest,
  /** SHA-256 of `/.lunward/manifest`, which the marker names. */
  manifest: digest,
  /** How long the parts took, all of them parts of the time the app was down. Zeros where an earlier run has sealed the volume. */
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

/** What was done while the app was down. */
export type FinalCopied = z.infer<typeof facts>;

/** A file that is to have another text on the volume. */
export interface FilePatch {
  /** Below the folder. */
  readonly path: string;
  /** Of what the source has, in hexadecimal digits. */
  readonly sha256: string;
  readonly text: string;
}

export interface FinalCopyProps extends CopyProps {
  readonly patches: readonly FilePatch[];
}

/**
 * Makes the copy of a volume whole while nobody writes there, proves that it is, writes the patches, and
 * seals the volume. `unchanged` where this very attempt has sealed it. It declines, and the volume stays as being built,
 * wherever source and copy can't be made the same or do not stay so, on a database that is damaged, and where a patch was made
 * of another text.
 */
export function finalCopy(props: FinalCopyProps): Script<FinalCopied> {
  const { patches } = props;
  return renderScript(
    'copy/final-copy',
    { ...copyParameters(props), processes: 8, foreign: FOREIGN_COMPLAINT },
    facts,
    {
      ...copySecrets(props),
      // Known only once the app is stopped, when the script is approved already.
      patch_paths: patches.map(({ path }) => path),
      patch_hashes: patches.map(({ sha256 }) => sha256),
      patch_texts: patches.map(({ text }) => Buffer.from(text).toString('base64')),
    },
  );
}
