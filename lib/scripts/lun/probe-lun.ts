import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { seenLun } from './seen-lun';

const facts = z.object({
  initiatorName: z.string(),
  /** Whether the node was already logged in: by the kubelet, or by hand. */
  hadSession: z.boolean(),
  /** Why the login failed; empty if it succeeded. */
  problem: z.string(),
  luns: z.array(seenLun),
});

/** What one target shows to a node. */
export type ProbedTarget = z.infer<typeof facts>;

/** Logs in to a target, inspects its LUNs and logs out. Writes to no device; see `discoverIscsi`. */
export function probeLun(target: { readonly portal: string; readonly iqn: string }, chap?: Chap): Script<ProbedTarget> {
  const { portal, iqn } = target;
  return renderScript('lun/probe-lun', { portal: canonicalPortal(portal), iqn }, facts, { chap: credentials(chap) });
}
