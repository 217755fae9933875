import { z } from 'zod';
import { credentials } from '../chap';
import { type SealedVolumeProps, sealedParameters } from '../copy/verify-volume';
import { renderScript, type Script } from '../script';
import type { PlannedLun } from './format-lun';

const count = z.number().int();

const facts = z.object({
  fileSystem: z.enum(['ext4', 'xfs']),
  /** As the NAS says now. */
  lunBytes: count,
  /** What files may take, as `df` tells it: less than the LUN has. */
  capacity: z.object({ before: count, after: count }),
});

/** What became of a file system. */
export type GrownVolume = z.infer<typeof facts>;

export interface GrowVolumeProps extends SealedVolumeProps {
  readonly target: PlannedLun;
  /** What the LUN must have been grown to, in bytes. */
  readonly wantedBytes: number;
  /** What it may have at most: a NAS rounds up. */
  readonly mostBytes: number;
}

/**
 * Lets the file system of a sealed volume have all of its LUN, which was grown on the NAS, while the app runs if it does.
 * `unchanged` where it has all of it. It declines on another disk or volume, and on a LUN that has not the size that is wanted,
 * or less than `target` says: that is the least it ever had.
 */
export function growVolume(props: GrowVolumeProps): Script<GrownVolume> {
  const { wantedBytes, mostBytes, chap } = props;
  // No folder is grown.
  const { target_kind: _, ...volume } = sealedParameters(props);
  return renderScript('lun/grow-volume', { ...volume, wanted: wantedBytes, most: mostBytes }, facts, {
    chap: credentials(chap),
  });
}
