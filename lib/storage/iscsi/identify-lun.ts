import type { Advice } from '../../core/advice';
import { bytesOf } from '../../core/quantity';
import type { NodeObservation } from '../../nodes/observation';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { matchLun } from './match-lun';

/** The disk that is meant, if it can be told, and what is in the way. */
export type Identified = {
  readonly lun?: SeenLun;
  readonly refusals: readonly Advice[];
};

/** The one disk that all nodes see under the described number, and that none of them uses. */
export function identifyLun(volume: IscsiVolume, looks: readonly NodeObservation[]): Identified {
  const { lun, refusals } = matchOnNodes(volume, looks);
  const inUse = lunUsers(volume, looks).map(
    ({ node, use }): Advice => ({
      code: 'lun-in-use',
      subject: node,
      found: `LUN ${volume.lun} of ${volume.iqn} is in use there: ${use}`,
      remedy: 'stop what uses it',
    }),
  );
  return { lun, refusals: [...refusals, ...inUse] };
}

/** What a node does with a LUN. */
export interface LunUse {
  readonly node: string;
  readonly use: string;
}

/** The nodes that use the described LUN. */
export function lunUsers({ lun }: IscsiVolume, looks: readonly NodeObservation[]): LunUse[] {
  return looks.flatMap(({ name, target }) =>
    (target?.luns ?? []).filter((one) => one.lun === lun && one.use).map(({ use }) => ({ node: name, use })),
  );
}

/**
 * Nodes that show the LUN already, where that is not because of another LUN of its target: whoever made them show it may begin to use it
 * at any moment. A session that shows other LUNs alone says nothing.
 */
export function sessionRefusals({ iqn, lun }: IscsiVolume, looks: readonly NodeObservation[]): Advice[] {
  return looks
    .filter(({ target }) => target?.wasShown && !target.luns.some((one) => one.lun !== lun && one.use))
    .map(({ name }) => ({
      code: 'target-logged-in',
      subject: name,
      found: `is logged in to ${iqn} and shows LUN ${lun}: something may begin to use it there`,
      remedy: `stop what uses it, the app too; if the session stays: iscsiadm -m node -T ${iqn} --logout`,
    }));
}

/** The one disk that all nodes see under the described number, whoever uses it. */
export function matchOnNodes(volume: IscsiVolume, looks: readonly NodeObservation[]): Identified {
  const refusals: Advice[] = [];
  const found: { node: string; lun: SeenLun }[] = [];
  for (const { name, target } of looks) {
    if (!target) continue;
    if (target.problem) {
      refusals.push({
        code: 'target-unreachable',
        subject: name,
        found: `can't reach ${volume.iqn}: ${target.problem}`,
      });
      continue;
    }
    const match = matchLun({ lun: volume.lun, bytes: bytesOf(volume.size) }, target.luns);
    if (match.lun) found.push({ node: name, lun: match.lun });
    else {
      const { code, problem, remedy } = match;
      refusals.push({ code, subject: name, found: problem, ...(remedy && { remedy }) });
    }
  }
  const [first] = found;
  if (!first) return { refusals };
  if (!first.lun.wwn) {
    refusals.push({
      code: 'lun-without-wwn',
      subject: first.node,
      found: `LUN ${volume.lun} of ${volume.iqn} has no WWN, so it can't be told from another LUN`,
      remedy: 'let the NAS give it one (VPD page 0x83)',
    });
  }
  for (const { node, lun } of found) {
    if (lun.wwn !== first.lun.wwn || lun.bytes !== first.lun.bytes) {
      refusals.push({
        code: 'lun-differs',
        subject: node,
        found: `sees another disk than ${first.node} as LUN ${volume.lun}: ${lun.wwn} of ${lun.bytes} bytes, not ${first.lun.wwn} of ${first.lun.bytes}`,
        remedy: 'map the same LUN under the same number to every initiator',
      });
    }
  }
  return { lun: first.lun, refusals };
}
