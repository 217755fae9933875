import { z } from 'zod';
import { credentials } from '../chap';
import { type SealedVolumeProps, sealedParameters } from '../copy/verify-volume';
import { renderScript, type Script } from '../script';
import type { PlannedLun } from './format-lun';

const count = z.number().int();

const facts = z.object({
  fileSystem: z.enum(['ext4', 'xfs']),
  /** Size that the NAS reports now, in bytes. */
  lunBytes: count,
  /** Space for files in bytes, as `df` reports it: less than the LUN's size. */
  capacity: z.object({ before: count, after: count }),
});

/** The result of growing a file system. */
export type GrownVolume = z.infer<typeof facts>;

export interface GrowVolumeProps extends SealedVolumeProps {
  readonly target: PlannedLun;
  /** The least size that the LUN must have, in bytes. */
  readonly wantedBytes: number;
  /** The largest size that it may have, in bytes: a NAS rounds up. */
  readonly mostBytes: number;
}

/**
 * Grows the file system of a sealed volume to the full size of its LUN, after the LUN was grown on the NAS, also while
 * the app runs. `unchanged` if it already has the full size. It declines on another disk or volume, on a LUN whose size
 * is not the requested one, and on a LUN smaller than `target` says: that is the smallest size it ever had.
 */
export function growVolume(props: GrowVolumeProps): Script<GrownVolume> {
  const { wantedBytes, mostBytes, chap } = props;
  // NFS folders do not grow.
  const { target_kind: _, ...volume } = sealedParameters(props);
  return renderScript('lun/grow-volume', { ...volume, wanted: wantedBytes, most: mostBytes }, facts, {
    chap: credentials(chap),
  });
}
