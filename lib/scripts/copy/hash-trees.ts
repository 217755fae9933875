import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';
import { names } from './probe-source';

const count = z.number().int();

const facts = z.object({
  /** Files of the source whose hash holds until their inode, size or times change. */
  trusted: count,
  /** The others: they changed while they were hashed, or so shortly before that one more change might not show. */
  untrusted: count,
  /** Of the trusted, those that have the same bytes on the target. */
  same: count,
  /** Of the trusted, those that are not on the target: they are newer than the copy. */
  missing: count,
  /** Of the trusted, those that have another size or time on the target: they were changed since they were copied. */
  outdated: count,
  /** Files that had the size and time of the source and other bytes. They were copied once more, and are right now. */
  differing: names,
  bytesRead: z.object({ source: count, target: count }),
  /** That the hashing took. */
  seconds: z.object({ source: count, target: count }),
  /** What the server's clock had passed when the source was listed, in seconds with a fraction. */
  clock: z.string(),
  /** SHA-256 of the list of hashes on the volume, in hexadecimal digits. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What was found by hashing a source and its copy. */
export type HashedTrees = z.infer<typeof facts>;

/**
 * Hashes a volume and its copy on another one that is being built, while the app writes, and leaves what holds
 * of it on the volume, for the time when the app is stopped. It declines on a volume that is not marked as being built by this
 * very attempt, where the source can't be read, and where the copy is wrong in spite of being made once more.
 */
export function hashTrees(props: CopyProps): Script<HashedTrees> {
  return renderScript('copy/hash-trees', { ...copyParameters(props), processes: 8 }, facts, copySecrets(props));
}
