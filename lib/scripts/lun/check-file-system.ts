import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** Type of the file system. */
  type: z.enum(['ext4', 'xfs']),
  /** The last line of the check. */
  said: z.string(),
});

/** What a check of a file system has found. */
export type CheckedFileSystem = z.infer<typeof facts>;

/** The LUN that is checked. */
export interface CheckedLun {
  readonly portal: string;
  readonly iqn: string;
  readonly lun: number;
  /** Of the disk. Default: it was not recorded. */
  readonly wwn?: string;
  /** Of the file system. Default: it was not recorded. */
  readonly uuid?: string;
}

/**
 * Checks the file system on a LUN that nothing uses: `changed` if something was repaired that needs no answer of a person. It declines, and
 * leaves what is wrong as it is, if more is to be repaired, if the node uses the LUN, or if it is another disk or file system.
 */
export function checkFileSystem(
  { portal, iqn, lun, wwn = '', uuid = '' }: CheckedLun,
  chap?: Chap,
): Script<CheckedFileSystem> {
  const parameters = { portal: canonicalPortal(portal), iqn, lun, wwn, uuid };
  return renderScript('lun/check-file-system', parameters, facts, { chap: credentials(chap) });
}
