import { isSameIscsiName } from '../../core/iscsi-names';
import { type ProbedSource, probeSource } from '../../scripts/copy/probe-source';
import { probeLun } from '../../scripts/lun/probe-lun';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry, SourceDisk } from '../journal/journal';
import { copySourceOf, type DataVolume, type SourceState } from './copy-source';
import type { NodeObservation, ReachedNode } from './node-observation';
import { runForFacts } from './run-script';
import { sessionUses } from './storage-users';

/** What was found of where data is to be moved from. */
export interface SourceObservation extends SourceState {
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** The node that has a LUN mounted for the app, and so is the only one that may look at it. */
  readonly usedOn?: string;
}

/** Where a LUN is mounted; nowhere where nobody uses it; or why neither can be said. */
export type LunUsage =
  | { readonly usedOn?: string; readonly problem?: undefined }
  | { readonly usedOn?: undefined; readonly problem: string };

/**
 * Where a LUN is mounted that data is to be moved from, by what nodes tell of their sessions: nobody logs in to it for that, since a
 * second node at a disk in use is what destroys it.
 */
export function lunUsage({ iqn, lun, initiatorName }: IscsiVolume, looks: readonly NodeObservation[]): LunUsage {
  if (initiatorName) {
    return {
      problem: `it is described with initiatorName ${initiatorName}, under which a node that looks would end the session of the one that uses it`,
    };
  }
  const unseen = looks.find(({ facts }) => !facts);
  if (unseen) return { problem: `whether ${unseen.name} uses it is not known: ${unseen.problem ?? 'it was not seen'}` };
  const users = looks.flatMap(({ name, facts }) => {
    const disks = (facts?.sessions ?? [])
      .filter((session) => isSameIscsiName(session.iqn, iqn))
      .flatMap(({ disks: all }) => all);
    return disks.some((disk) => disk.lun === lun && disk.mountpoints.length > 0) ? [name] : [];
  });
  if (users.length > 1) return { problem: `it is mounted on ${users.join(' and ')}: stop the app and see why` };
  const [usedOn] = users;
  if (usedOn) return { usedOn };
  const [use] = looks.flatMap(({ name, facts }) =>
    facts ? sessionUses({ iqn, lun }, facts).map((one) => `${name} ${one}`) : [],
  );
  return use ? { problem: `${use}, without that it is mounted there: wait until the app runs, or has ended` } : {};
}

/**
 * Looks at where data is to be moved from: a folder from the first node, a LUN from the one that the app runs on.
 *
 * @param known what the journal says of the source, where lunward has put its data there
 * @param options.texts files whose text is wanted
 * @param options.node that looks at a LUN which nobody uses. @default the first
 */
export async function inspectSource(
  source: DataVolume,
  nodes: readonly ReachedNode[],
  looks: () => Promise<readonly NodeObservation[]>,
  {
    known,
    sourceChap,
    texts,
    node: writer,
  }: Pick<SourceState, 'sourceChap'> & {
    readonly known?: JournalEntry;
    readonly texts: readonly string[];
    readonly node?: string;
  },
): Promise<SourceObservation> {
  const place = source.kind === 'nfs' ? {} : lunUsage(source, await looks());
  if (place.problem !== undefined) return { found: place.problem };
  const { usedOn } = place;
  const node = nodes.find(({ name }) => name === (usedOn ?? writer)) ?? nodes[0];
  if (!node) return { found: 'no node is reached by SSH' };
  const wanted = { checksDatabases: true, texts };
  if (source.kind === 'nfs') return { found: await runForFacts(node, probeSource(source, wanted)) };
  const { targetPortal: portal, iqn } = source;
  const seen = await runForFacts(node, probeLun({ portal, iqn }, sourceChap));
  if (typeof seen === 'string') return { found: seen };
  const sourceDisk = seen.problem || sourceDiskOf(source, seen.luns, known);
  if (typeof sourceDisk === 'string') return { found: `${sourceDisk} (seen from ${node.name})` };
  const state = { sourceDisk, isUsed: usedOn !== undefined, ...(sourceChap && { sourceChap }) };
  return {
    ...state,
    ...(usedOn && { usedOn }),
    found: await runForFacts(node, probeSource(copySourceOf(source, state), wanted)),
  };
}

/** The disk that is meant, or why it is not. What the journal says of a sealed one must be so. */
function sourceDiskOf(source: IscsiVolume, luns: readonly SeenLun[], known?: JournalEntry): SourceDisk | string {
  const seen = luns.find(({ lun }) => lun === source.lun);
  if (!seen) return `the target shows no LUN ${source.lun}`;
  const { wwn, bytes, uuid } = seen;
  if (!wwn) return 'it tells no WWN, and so can not be told from another one: let the NAS give it one (VPD page 0x83)';
  if (!uuid) return `it holds ${seen.content || 'nothing that is recognised'}, expected a file system`;
  if (!known) return { wwn, bytes, uuid };
  const name = persistentVolumeName(source);
  if (known.state !== 'sealed') return `PersistentVolume ${name} is ${known.state} by the journal, expected sealed`;
  if (known.wwn === wwn && known.uuid === uuid) return { wwn, bytes, uuid, attempt: known.attempt };
  return `it is disk ${wwn} with file system ${uuid}, and PersistentVolume ${name} was sealed on ${known.wwn} with ${known.uuid}`;
}
