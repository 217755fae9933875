import { z } from 'zod';
import { canonicalPortal } from '../../core/addresses';
import { seenLun } from '../lun/seen-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({
  initiatorName: z.string(),
  targets: z.array(
    z.object({
      iqn: z.string(),
      /** Why its LUNs could not be inspected; empty if they were. */
      problem: z.string(),
      luns: z.array(seenLun),
    }),
  ),
});

/** What a portal shows to a node. */
export type DiscoveredIscsi = z.infer<typeof facts>;

/**
 * Finds out what a portal shows to a node: targets, LUNs, sizes, names, contents. It logs in to one target after the
 * other and out again, removes the records that it made, and writes to no device.
 *
 * @param portal in any spelling: `192.0.2.200`, `[2001:db8::200]:3260`
 */
export function discoverIscsi(portal: string): Script<DiscoveredIscsi> {
  return renderScript('node/discover-iscsi', { portal: canonicalPortal(portal) }, facts);
}
