import { isSameIscsiName } from '../../core/iscsi-names';
import type { NodeFacts } from '../../scripts/node/node-facts';
import type { IscsiVolume } from '../../volumes/iscsi';

/**
 * What a node's sessions show about a LUN, for a person. A session that shows other LUNs alone says nothing, nor does one with another LUN
 * in use: a session may show all LUNs. One that shows no LUN yet may show this one at any moment.
 */
export function sessionUses(
  { iqn, lun }: Pick<IscsiVolume, 'iqn' | 'lun'>,
  { sessions }: Pick<NodeFacts, 'sessions'>,
): string[] {
  return sessions
    .filter((session) => isSameIscsiName(session.iqn, iqn))
    .flatMap(({ disks }) => {
      const uses = (disk: (typeof disks)[number]) => [
        ...disk.mountpoints.map((mountpoint) => `has LUN ${disk.lun} of ${iqn} mounted at ${mountpoint}`),
        ...disk.holders.map((holder) => `has LUN ${disk.lun} of ${iqn} held by ${holder}`),
      ];
      const own = disks.filter((disk) => disk.lun === lun).flatMap(uses);
      const others = disks.filter((disk) => disk.lun !== lun).flatMap(uses);
      if (own.length > 0) return own;
      const isForOthers = disks.length > 0 && !disks.some((disk) => disk.lun === lun);
      return isForOthers || others.length > 0 ? [] : [`is logged in to ${iqn}`];
    });
}
