import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';

/** A LUN as a plan names it. */
export interface PlannedLun {
  /** As described, in any spelling. */
  readonly portal: string;
  readonly iqn: string;
  readonly lun: number;
  readonly bytes: number;
  readonly wwn: string;
}

/** A LUN as script parameters. */
export function lunParameters({ portal, iqn, lun, bytes, wwn }: PlannedLun) {
  return { portal: canonicalPortal(portal), iqn, lun, bytes, wwn };
}

/** File systems that Lunward can make. */
export type FileSystemType = 'ext4' | 'xfs';

/** What a volume is marked with while it is filled. */
export interface Attempt {
  /** Name of the PersistentVolume. */
  readonly volume: string;
  /** Number of the attempt to fill it, counted from 1. */
  readonly attempt: number;
  /** UUID of the file system, chosen before it is made. */
  readonly uuid: string;
}

/** An attempt as script parameters. */
export function attemptParameters({ volume, attempt, uuid }: Attempt) {
  return { volume, attempt, uuid };
}

const facts = z.object({ fileSystem: z.enum(['ext4', 'xfs']) });

/**
 * Makes a file system on a LUN and marks it as being built. It first reads every byte of the LUN, and declines unless
 * all of them are zero or left there by this very attempt. `unchanged` if the file system and its marker are already
 * there.
 */
export function formatLun(
  planned: PlannedLun,
  attempt: Attempt,
  type: FileSystemType,
  chap?: Chap,
): Script<z.infer<typeof facts>> {
  return renderScript('lun/format-lun', { ...lunParameters(planned), ...imageParameters(attempt, type) }, facts, {
    chap: credentials(chap),
  });
}

/** The parameters that determine the bytes of a file system, and its owner. */
export function imageParameters(attempt: Attempt, type: FileSystemType) {
  // An XFS label has at most 12 characters, an ext4 label 16.
  return { ...attemptParameters(attempt), type, label: attempt.volume.slice(0, 12) };
}
