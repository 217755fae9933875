import type { Advice } from '../../core/advice';
import { readableBytes } from '../../core/quantity';
import { runForFacts } from '../../nodes/run-script';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { markFolder } from '../../scripts/nfs/mark-folder';
import { type ProbedFolder, probeFolder } from '../../scripts/nfs/probe-folder';
import { releaseFolder } from '../../scripts/nfs/release-folder';
import type { NfsVolume } from '../../volumes/nfs';
import { persistentVolumeName } from '../../volumes/static-volume';
import { fileSystemUuid } from '../file-system-uuid';
import { nodeRefusals } from '../node-refusals';
import type { FoundTarget, TargetFacts, TargetJudgement, TargetSlots } from '../target';
import { type FolderIdentity, identityOfFolder, nfsIdentity } from './identity';
import { describeFolder, folderOf, NO_NODE } from './places';

/** What was found of a folder. */
export interface SeenFolder {
  /** What is there, or why that is not known. */
  readonly folder: ProbedFolder | string;
  /** Who has it mounted, for a person. */
  readonly uses: readonly string[];
}

type FolderFacts = TargetFacts<NfsVolume, FolderIdentity, SeenFolder>;

/** A folder that data is moved to. */
export const nfsTarget: TargetSlots<NfsVolume, FolderIdentity, SeenFolder> = {
  inspectTarget: async (volume, { nodes: [node], observe, users }) => ({
    looks: await observe(),
    seen: {
      folder: node ? await runForFacts(node, probeFolder(folderOf(volume))) : NO_NODE,
      uses: await users(),
    },
  }),
  judgeTarget,
  roomRefusals: ({ volume, seen }, found) =>
    seen && typeof seen.folder !== 'string' ? roomRefusals(describeFolder(volume), found, seen.folder) : [],
  prepare: (volume, { attempt }) => ({
    name: 'mark',
    text: `sees that ${describeFolder(volume)} is empty and keeps owners, links and times, and marks it as attempt ${attempt.attempt} of ${attempt.volume}`,
    script: markFolder(folderOf(volume), attempt),
  }),
  release: (volume, { attempt }) => ({
    name: 'release',
    text: 'checks that nothing uses the folder there and that it is not sealed',
    script: releaseFolder(folderOf(volume), attempt),
  }),
  describeTarget: (volume) => `folder ${describeFolder(volume)}`,
  remedyForLeft: () => 'empty it on the NAS before it is used again',
};

/** A folder that is empty, or holds what this attempt has begun. */
function judgeTarget(facts: FolderFacts): TargetJudgement<FoundTarget<FolderIdentity>> {
  const { volume, attempt, looks, seen } = facts;
  const folder = seen?.folder ?? 'no node inspected it';
  const sealed = alreadySealed(facts, folder);
  if (sealed) return sealed;
  const identity = identityOfFolder(volume);
  const ours = fileSystemUuid({ volume: persistentVolumeName(volume), attempt, place: nfsIdentity.nameOf(identity) });
  const refusals = [...nodeRefusals(looks), ...folderRefusals(facts, folder, ours)];
  const [node] = looks;
  if (refusals.length > 0 || !node) return { refusals };
  return {
    found: { identity, node: node.name, isPrepared: typeof folder !== 'string' && folder.marker.uuid === ours },
  };
}

/** What the journal calls sealed is never filled again. */
function alreadySealed(
  { volume, latest }: FolderFacts,
  folder: ProbedFolder | string,
): TargetJudgement<never> | undefined {
  if (latest?.state !== 'sealed') return undefined;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  if (typeof folder !== 'string' && folder.marker.uuid === latest.uuid && folder.marker.state === 'sealed') {
    return { done: `${subject} is sealed as attempt ${latest.attempt} since ${latest.at}` };
  }
  const found = typeof folder === 'string' ? `it could not be inspected: ${folder}` : markerText(folder);
  return {
    refusals: [
      {
        code: 'sealed-copy-gone',
        subject,
        found: `was sealed as attempt ${latest.attempt} in ${describeFolder(volume)}, and ${found}`,
        remedy: 'put back what was there; or describe another folder, as a new generation with a name of its own',
      },
    ],
  };
}

function folderRefusals(facts: FolderFacts, folder: ProbedFolder | string, ours: string): Advice[] {
  const { volume, seen } = facts;
  const subject = describeFolder(volume);
  if (typeof folder === 'string')
    return [{ code: 'target-unreadable', subject, found: `could not be inspected: ${folder}` }];
  const remedy = 'stop what uses it, and unmount it there';
  const uses =
    seen?.uses.map((use): Advice => ({ code: 'target-in-use', subject, found: `is in use: ${use}`, remedy })) ?? [];
  return [...uses, ...contentRefusals(facts, folder, ours)];
}

/** What is there may be ours, from a run that ended early. */
function contentRefusals(
  { app, volume, latest }: FolderFacts,
  { marker, names }: ProbedFolder,
  ours: string,
): Advice[] {
  const subject = describeFolder(volume);
  if (marker.uuid === ours && marker.state === 'building') return [];
  const remedy = 'make an empty folder on the NAS, and describe that';
  if ((latest?.state === 'rolled-back' || latest?.state === 'abandoned') && marker.uuid === latest.uuid) {
    const held =
      latest.state === 'rolled-back' ? `what ${app} wrote there before it was rolled back` : 'an unsealed copy';
    return [
      {
        code: 'target-not-empty',
        subject,
        found: `holds ${held}, of attempt ${latest.attempt}: it is not filled again`,
        remedy,
      },
    ];
  }
  if (marker.state)
    return [{ code: 'target-not-empty', subject, found: `is not empty: ${markerText({ marker })}`, remedy }];
  if (names.length === 0) return [];
  return [
    {
      code: 'target-not-empty',
      subject,
      found: `is not empty: it holds ${names.slice(0, 3).join(', ')}, and nothing is copied over that`,
      remedy,
    },
  ];
}

function markerText({ marker }: Pick<ProbedFolder, 'marker'>): string {
  if (!marker.state) return 'it has no marker of lunward now';
  return `its marker says ${marker.state}, attempt ${marker.attempt} of ${marker.volume}, uuid ${marker.uuid}`;
}

function roomRefusals(
  subject: string,
  { bytes, allocatedBytes, entries }: ProbedSource,
  { freeBytes, freeInodes, held }: ProbedFolder,
): Advice[] {
  const wanted = Math.max(bytes, allocatedBytes);
  const lacksInodes = freeInodes > 0 && freeInodes + held.entries < entries;
  if (freeBytes + held.bytes >= wanted && !lacksInodes) return [];
  const copied = held.bytes > 0 ? `, besides ${readableBytes(held.bytes)} that were copied already` : '';
  const has = `${readableBytes(freeBytes)}${lacksInodes ? ` and ${freeInodes} inodes` : ''} free${copied}`;
  return [
    {
      code: 'no-room',
      subject,
      found: `has ${has}, and ${readableBytes(wanted)} in ${entries} entries go there`,
      remedy: 'make room on its pool',
    },
  ];
}
