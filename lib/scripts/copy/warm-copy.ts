import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopyProps, copyParameters, copySecrets } from './copy';

const count = z.number().int();

const facts = z.object({
  /** Each of them looked at everything. */
  passes: z.array(
    z.object({
      seconds: count,
      /** Files that were copied. */
      files: count,
      /** Their length. */
      bytes: count,
      /** What was removed because the source has it no more. */
      deleted: count,
    }),
  ),
  /** How long several processes copied side by side before the first pass. */
  secondsSideBySide: count,
  /** Bytes that the last pass had to copy: about what will be left when the app is stopped. */
  remainder: count,
  /** On the volume. */
  usedBytes: count,
  /** Of NFS, or the file system of a LUN, and what could be seen through it; see `ProbedSource`. */
  version: z.string(),
  xattrs: z.boolean(),
  posixAcls: z.boolean(),
  nfs4Acls: z.boolean(),
});

/** What a warm copy did. */
export type WarmCopied = z.infer<typeof facts>;

export interface WarmCopyProps extends CopyProps {
  /** It is repeated until a pass copies no more bytes than these. @default 64 MiB */
  readonly little?: number;
  /** @default 5 */
  readonly mostPasses?: number;
  /** That copy side by side at the beginning. @default 8 */
  readonly processes?: number;
}

/** A remainder of so many bytes is left to the time when the app is down. */
export const WARM_COPY_REMAINDER_BYTES = 64 * 1024 ** 2;

/**
 * Copies a volume to one that is being built, while the app writes. Run again, it copies what is
 * missing. It declines on a volume that is not marked as being built by this very attempt.
 */
export function warmCopy(props: WarmCopyProps): Script<WarmCopied> {
  const { little = WARM_COPY_REMAINDER_BYTES, mostPasses = 5, processes = 8 } = props;
  const parameters = { ...copyParameters(props), little, most_passes: mostPasses, processes };
  return renderScript('copy/warm-copy', parameters, facts, copySecrets(props));
}
