import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import type { PlannedLun } from './format-lun';
import { seenLun } from './seen-lun';

const facts = z.object({
  initiatorName: z.string(),
  /** Whether the node showed the LUN already, at whatever portal: for the kubelet, or by hand. */
  wasShown: z.boolean(),
  /** Why the login failed; empty if it succeeded. */
  problem: z.string(),
  /** The LUN, if the target has it, and those that the session showed already. */
  luns: z.array(seenLun),
});

/** What one target shows to a node. */
export type ProbedTarget = z.infer<typeof facts>;

/** Logs in to a target, inspects a LUN and logs out. Other LUNs are not scanned. Writes to no device; see `discoverIscsi`. */
export function probeLun(target: Pick<PlannedLun, 'portal' | 'iqn' | 'lun'>, chap?: Chap): Script<ProbedTarget> {
  const { portal, iqn, lun } = target;
  const parameters = { portal: canonicalPortal(portal), iqn, lun };
  return renderScript('lun/probe-lun', parameters, facts, { chap: credentials(chap) });
}
