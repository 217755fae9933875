import { isSameIscsiName } from '../../core/iscsi-names';
import type { NodeObservation } from '../../nodes/observation';
import { runForFacts } from '../../nodes/run-script';
import { probeSource } from '../../scripts/copy/probe-source';
import { probeLun } from '../../scripts/lun/probe-lun';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { KnownVolume, SourceIdentity, SourceObservation, SourceQuestion } from '../movable';
import { type DiskIdentity, identityOfLun, iscsiIdentity } from './identity';
import { iscsiSource } from './places';
import { sessionUses } from './session-uses';

/** Where a LUN is mounted. Both are missing where nothing uses it; `problem` says why neither can be known. */
export type LunUsage =
  | { readonly usedOn?: string; readonly problem?: undefined }
  | { readonly usedOn?: undefined; readonly problem: string };

/**
 * Where a LUN that data is moved from is mounted, by the sessions that nodes report. No node logs in to find out: a second node at a disk
 * in use destroys it.
 */
export function lunUsage({ iqn, lun, initiatorName }: IscsiVolume, observations: readonly NodeObservation[]): LunUsage {
  if (initiatorName) {
    return {
      problem: `it is described with initiatorName ${initiatorName}, under which a node that looks would end the session of the one that uses it`,
    };
  }
  const unseen = observations.find(({ facts }) => !facts);
  if (unseen) return { problem: `whether ${unseen.name} uses it is not known: ${unseen.problem ?? 'it was not seen'}` };
  const users = observations.flatMap(({ name, facts }) => {
    const disks = (facts?.sessions ?? [])
      .filter((session) => isSameIscsiName(session.iqn, iqn))
      .flatMap(({ disks: all }) => all);
    return disks.some((disk) => disk.lun === lun && disk.mountpoints.length > 0) ? [name] : [];
  });
  if (users.length > 1) return { problem: `it is mounted on ${users.join(' and ')}: stop the app and see why` };
  const [usedOn] = users;
  if (usedOn) return { usedOn };
  const [use] = observations.flatMap(({ name, facts }) =>
    facts ? sessionUses({ iqn, lun }, facts).map((one) => `${name} ${one}`) : [],
  );
  return use ? { problem: `${use}, without that it is mounted there: wait until the app runs, or has ended` } : {};
}

/** Inspects a LUN from the node that the app runs on, or from the writer where nothing uses it. */
export async function inspectLunSource(
  source: IscsiVolume,
  question: SourceQuestion<DiskIdentity>,
): Promise<SourceObservation<DiskIdentity>> {
  const { nodes, observe, texts, known, chap: sourceChap, writer } = question;
  const usage = lunUsage(source, await observe());
  if (usage.problem !== undefined) return { found: usage.problem };
  const { usedOn } = usage;
  const node = nodes.find(({ name }) => name === (usedOn ?? writer)) ?? nodes[0];
  if (!node) return { found: 'no node is reached by SSH' };
  const { targetPortal: portal, iqn, lun } = source;
  const seen = await runForFacts(node, probeLun({ portal, iqn, lun }, sourceChap));
  if (typeof seen === 'string') return { found: seen };
  const sourceIdentity = seen.problem || identityOfSource(source, seen.luns, known);
  if (typeof sourceIdentity === 'string') return { found: `${sourceIdentity} (seen from ${node.name})` };
  const state = { sourceIdentity, isUsed: usedOn !== undefined, ...(sourceChap && { sourceChap }) };
  const script = probeSource(iscsiSource(source, state), { checksDatabases: true, texts });
  return { ...state, ...(usedOn && { usedOn }), found: await runForFacts(node, script) };
}

/** The described disk, or why it is another one. A disk that the journal has as sealed must be as sealed. */
function identityOfSource(
  source: IscsiVolume,
  luns: readonly SeenLun[],
  known?: KnownVolume<DiskIdentity>,
): SourceIdentity<DiskIdentity> | string {
  const seen = luns.find(({ lun }) => lun === source.lun);
  if (!seen) return `the target shows no LUN ${source.lun}`;
  const { wwn, uuid } = seen;
  if (!wwn) return 'it has no WWN, so it cannot be told from another LUN: let the NAS give it one (VPD page 0x83)';
  if (!uuid) return `it holds ${seen.content || 'nothing that is recognised'}, expected a file system`;
  const place = identityOfLun(seen);
  if (!known) return { place, uuid };
  const name = persistentVolumeName(source);
  if (known.state !== 'sealed') return `PersistentVolume ${name} is ${known.state} by the journal, expected sealed`;
  if (iscsiIdentity.isSame(known.target, place) && known.uuid === uuid) return { place, uuid, attempt: known.attempt };
  return `it is disk ${wwn} with file system ${uuid}, and PersistentVolume ${name} was sealed on ${iscsiIdentity.nameOf(known.target)} with ${known.uuid}`;
}
