import { z } from 'zod';
import { renderScript, type Script } from '../script';
import type { PlannedLun } from './format-lun';

const facts = z.object({});

/**
 * Logs a node out of a target and removes its record, as the kubelet would have done. It declines if anything on the
 * node has the LUN mounted, held or open, and if the target shows another LUN too.
 */
export function endSession({ iqn, lun }: Pick<PlannedLun, 'iqn' | 'lun'>): Script<z.infer<typeof facts>> {
  return renderScript('lun/end-session', { iqn, lun }, facts);
}
