import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { recordedErrors } from './mounted-errors';

const facts = z.object({
  /** Type of the file system, as blkid calls it; empty if there is none. */
  type: z.string(),
  /** As `dumpe2fs` reports it: `clean`, `clean with errors`; empty unless it is ext4. */
  state: z.string(),
  errors: recordedErrors,
});

/** What the superblock of an unmounted file system says. */
export type SuperblockErrors = z.infer<typeof facts>;

/** Reads what the superblock of a LUN has recorded of errors. It declines if the node uses the LUN. */
export function superblockErrors(
  { portal, iqn, lun }: { readonly portal: string; readonly iqn: string; readonly lun: number },
  chap?: Chap,
): Script<SuperblockErrors> {
  return renderScript('lun/superblock-errors', { portal: canonicalPortal(portal), iqn, lun }, facts, {
    chap: credentials(chap),
  });
}
