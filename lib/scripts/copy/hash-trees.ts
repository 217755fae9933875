import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';
import { names } from './probe-source';

const count = z.number().int();

const facts = z.object({
  /** Source files whose hash holds until their inode, size or times change. */
  trusted: count,
  /**
   * All other source files: they changed while they were hashed, or so shortly before that another change might not
   * show.
   */
  untrusted: count,
  /** Trusted files with the same bytes on the target. */
  same: count,
  /** Trusted files that are missing on the target: they are newer than the copy. */
  missing: count,
  /** Trusted files with another size or time on the target: they changed after they were copied. */
  outdated: count,
  /** Files that had the source's size and time but other bytes. They were copied again, and are right now. */
  differing: names,
  bytesRead: z.object({ source: count, target: count }),
  /** How long the hashing of each side took. */
  seconds: z.object({ source: count, target: count }),
  /** A time that the server's clock had passed when the source was listed, in seconds with a fraction. */
  clock: z.string(),
  /** SHA-256 of the list of hashes on the volume, as hexadecimal digits. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What hashing a source and its copy found. */
export type HashedTrees = z.infer<typeof facts>;

/**
 * Hashes a volume and its copy, which is being built, while the app writes, and leaves the hashes that hold on the new
 * volume, for when the app is stopped. It declines if the volume is not marked as being built by this very attempt, if
 * the source can't be read, and if the copy is still wrong after files were copied again.
 */
export function hashTrees(props: CopyProps): Script<HashedTrees> {
  return renderScript('copy/hash-trees', { ...copyParameters(props), processes: 8 }, facts, copySecrets(props));
}
