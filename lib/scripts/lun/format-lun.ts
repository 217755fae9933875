import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';

/** A LUN as a plan names it. */
export interface PlannedLun {
  /** As it is described, in any spelling. */
  readonly portal: string;
  readonly iqn: string;
  readonly lun: number;
  readonly bytes: number;
  readonly wwn: string;
}

/** A LUN as scripts are given it. */
export function lunParameters({ portal, iqn, lun, bytes, wwn }: PlannedLun) {
  return { portal: canonicalPortal(portal), iqn, lun, bytes, wwn };
}

/** File systems that can be made. */
export type FileSystemType = 'ext4' | 'xfs';

/** What a volume is marked with while it is filled. */
export interface Attempt {
  /** Name of the PersistentVolume. */
  readonly volume: string;
  /** Which try to fill it this is, counted from 1. */
  readonly attempt: number;
  /** Of the file system, decided before it is made. */
  readonly uuid: string;
}

/** An attempt as scripts are given it. */
export function attemptParameters({ volume, attempt, uuid }: Attempt) {
  return { volume, attempt, uuid };
}

const facts = z.object({ fileSystem: z.enum(['ext4', 'xfs']) });

/**
 * Makes a file system on a LUN and marks it as being built. Every byte of the LUN is read before: it declines unless all of
 * them are zero, or what this very attempt has left there. `unchanged` where the file system and its marker are there.
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

/** What the bytes of a file system of ours follow from, and whose it is. */
export function imageParameters(attempt: Attempt, type: FileSystemType) {
  // XFS holds twelve characters, ext4 sixteen.
  return { ...attemptParameters(attempt), type, label: attempt.volume.slice(0, 12) };
}
