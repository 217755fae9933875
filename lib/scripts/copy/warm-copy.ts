import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';

const count = z.number().int();

const facts = z.object({
  /** Each pass compared everything. */
  passes: z.array(
    z.object({
      seconds: count,
      /** Number of files copied. */
      files: count,
      /** Their size. */
      bytes: count,
      /** Number of entries deleted because the source no longer has them. */
      deleted: count,
    }),
  ),
  /** How long several processes copied in parallel before the first pass. */
  secondsSideBySide: count,
  /** Bytes that the last pass copied: about what will remain when the app is stopped. */
  remainder: count,
  /** Bytes in use on the volume. */
  usedBytes: count,
  /** The NFS version or a LUN's file system, and what it supports; see `ProbedSource`. */
  version: z.string(),
  xattrs: z.boolean(),
  posixAcls: z.boolean(),
  nfs4Acls: z.boolean(),
});

/** What a warm copy did. */
export type WarmCopied = z.infer<typeof facts>;

export interface WarmCopyProps extends CopyProps {
  /** Passes repeat until one copies no more bytes than this. @default 64 MiB */
  readonly little?: number;
  /** The most passes. @default 5 */
  readonly mostPasses?: number;
  /** Number of processes that copy in parallel at the beginning. @default 8 */
  readonly processes?: number;
}

/** A remainder of at most this size is left for the time when the app is down. */
export const WARM_COPY_REMAINDER_BYTES = 64 * 1024 ** 2;

/**
 * Copies a volume to one that is being built, while the app writes. Running it again copies what is missing. It
 * declines if the volume is not marked as being built by this very attempt.
 */
export function warmCopy(props: WarmCopyProps): Script<WarmCopied> {
  const { little = WARM_COPY_REMAINDER_BYTES, mostPasses = 5, processes = 8 } = props;
  const parameters = { ...copyParameters(props), little, most_passes: mostPasses, processes };
  return renderScript('copy/warm-copy', parameters, facts, copySecrets(props));
}
