import { z } from 'zod';
import { renderScript, type Script } from '../script';
import type { PlannedLun } from './format-lun';

const facts = z.object({});

/**
 * Logs a node out of a target, and removes the record of it, as its kubelet would have. It declines where anything on the node has
 * the LUN mounted, held or open, and where the target shows another one too.
 */
export function endSession({ iqn, lun }: Pick<PlannedLun, 'iqn' | 'lun'>): Script<z.infer<typeof facts>> {
  return renderScript('lun/end-session', { iqn, lun }, facts);
}
