import { z } from 'zod';
import { renderScript, type Script } from '../script';

/** What a file system has recorded of errors; ext4 alone records any. */
export const recordedErrors = z.object({
  count: z.number().int(),
  /** As `2026-01-31T12:00:00Z`, by the clock of the node that had it mounted; empty if there is none. */
  first: z.string(),
  last: z.string(),
  /** The function of the kernel that found the last one; empty if it is not recorded. */
  function: z.string(),
});

export type RecordedErrors = z.infer<typeof recordedErrors>;

const mounted = z.object({
  device: z.string(),
  /** Type of the file system. */
  type: z.string(),
  mountpoint: z.string(),
  /** The state of the iSCSI disk: `running`, `blocked` while its session is lost, `transport-offline` after that. */
  diskState: z.string(),
  /** The mount option by which the kernel shows that it has stopped the file system: `ro`, `emergency_ro` or `shutdown`; else empty. */
  stopped: z.string(),
  /** What became of reading a block of the disk: empty, `hangs`, or why it failed. */
  disk: z.string(),
  /** What became of listing the root of the file system; also empty if the disk hangs. */
  look: z.string(),
  errors: recordedErrors,
});

/** A file system of a LUN that a node has mounted. */
export type MountedErrors = z.infer<typeof mounted>;

const facts = z.object({ mounted: z.array(mounted) });

/** Looks for errors of the file system on a LUN, where a node has it mounted. Nothing is opened but what is in use there, and nothing is changed. */
export function mountedErrors({
  iqn,
  lun,
}: {
  readonly iqn: string;
  readonly lun: number;
}): Script<z.infer<typeof facts>> {
  return renderScript('lun/mounted-errors', { iqn, lun }, facts);
}
