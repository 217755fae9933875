import type { Advice } from '../../core/advice';
import type { NodeObservation } from '../../nodes/observation';
import type { PlannedLun } from '../../scripts/lun/format-lun';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { nodeRefusals } from '../node-refusals';
import { identifyLun, sessionRefusals } from './identify-lun';
import { plannedLun } from './places';

/** The described disk, if nothing uses it. */
export interface Disk {
  /** Where something is done with it. */
  readonly node: string;
  readonly seen: SeenLun;
  readonly lun: PlannedLun;
}

/** The disk, or every reason why nothing may be done with it. */
export type Located =
  | { readonly disk: Disk; readonly refusals?: undefined }
  | { readonly refusals: readonly Advice[]; readonly disk?: undefined };

/**
 * Finds the disk that all nodes see alike.
 *
 * @param refuse what else is in the way, told with the rest; with the disk, once it is known
 */
export function locateDisk(
  { volume, looks }: { readonly volume: IscsiVolume; readonly looks: readonly NodeObservation[] },
  refuse: (seen: SeenLun | undefined) => readonly Advice[] = () => [],
): Located {
  const { lun: seen, refusals: ofTarget } = identifyLun(volume, looks);
  const refusals = [
    ...nodeRefusals(looks),
    ...initiatorNameRefusals(volume),
    ...ofTarget,
    ...sessionRefusals(volume, looks),
    ...refuse(seen),
  ];
  const [node] = looks;
  if (!node || !seen || refusals.length > 0) return { refusals };
  return { disk: { node: node.name, seen, lun: plannedLun(volume, seen) } };
}

/**
 * Logins differ by initiator name and ISID (RFC 7143, section 6.3.5), and initiators number their ISIDs
 * alike: under a name that all nodes share, the login of one ends the session of another, with the disks of it.
 */
function initiatorNameRefusals({ initiatorName, iqn }: IscsiVolume): Advice[] {
  if (!initiatorName) return [];
  return [
    {
      code: 'initiator-name-described',
      subject: iqn,
      found: `is described with initiatorName ${initiatorName}, which every node logs in with: inspecting it from one would end the session of another`,
      remedy: "admit the nodes' own initiator names on the NAS, and leave initiatorName out of the description",
    },
  ];
}
