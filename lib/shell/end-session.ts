import { z } from 'zod';
import type { PlannedLun } from './format-lun';
import { renderScript, type Script } from './script';

const facts = z.object({});

/**
 * Logs a node out of a target, and removes the record of it, as its kubelet would have. It declines where anything on the node has
 * the LUN mounted, held or open, and where the target shows another one too.
 */
export function endSession({ iqn, lun }: Pick<PlannedLun, 'iqn' | 'lun'>): Script<z.infer<typeof facts>> {
  return renderScript('end-session', { iqn, lun }, facts);
}
