import { readableBytes } from '../../core/quantity';
import type { Refusal } from '../../core/refusal';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import type { ProbedFolder } from '../../scripts/nfs/probe-folder';
import { fileSystemUuid } from '../../storage/file-system-uuid';
import { nodeRefusals } from '../../storage/node-refusals';
import { describeStorage, identityName } from '../../storage/registry';
import { exportLocation, overlaps } from '../../volumes/location';
import type { NfsVolume } from '../../volumes/nfs';
import { persistentVolumeName } from '../../volumes/static-volume';
import { stageOf } from '../journal/journal';
import { folderOf, identityOf } from '../journal/journaled-target';
import { patchRefusals } from '../settings/planned-patches';
import type { AttemptFacts } from './attempt-facts';
import { type Planned, planToFill } from './plan';
import { laterSteps, type MoveSource, moveSteps, sourceRefusals, unknownSource } from './plan-move';
import { writerOf, writerRefusals } from './writer';

/** What a plan to move data to a folder of an NFS server follows from. */
export interface FolderFacts extends AttemptFacts, MoveSource {
  readonly volume: NfsVolume;
  /** What is there, or why that is not known. */
  readonly folder: ProbedFolder | string;
  /** Who has it mounted, in words. */
  readonly uses: readonly string[];
}

/**
 * The plan to fill a folder from where the data is while the app goes on running.
 *
 * @returns every refusal there is, where there is one
 */
export function planFolder(facts: FolderFacts): Planned {
  const { volume, source, found, looks, attempt: number, patches, expected } = facts;
  const name = persistentVolumeName(volume);
  const target = folderOf(volume);
  const attempt = {
    volume: name,
    attempt: number,
    uuid: fileSystemUuid({ volume: name, attempt: number, place: identityName(identityOf(target)) }),
  };
  const sealed = folderAlreadySealed(facts);
  if (sealed) return sealed;
  const refusals = [
    ...nodeRefusals(looks),
    ...writerRefusals(facts),
    ...(typeof found === 'string'
      ? [unknownSource(source, found)]
      : [...sourceRefusals(source, found, expected), ...patchRefusals(source, found, patches)]),
    ...folderRefusals(facts, attempt.uuid),
  ];
  const node = writerOf(facts) ?? facts.usedOn ?? looks[0]?.name;
  if (refusals.length > 0 || !node) return { refusals };
  const work = { node, target, attempt, fileSystem: 'nfs' as const };
  return planToFill(
    facts,
    work,
    (of) => moveSteps(of, facts, found),
    (of) => laterSteps(of, facts),
  );
}

/** What the journal calls sealed is never filled again. */
function folderAlreadySealed({ volume, latest, folder }: FolderFacts): Planned | undefined {
  if (latest?.state !== 'sealed') return undefined;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  if (typeof folder !== 'string' && folder.marker.uuid === latest.uuid && folder.marker.state === 'sealed') {
    return { done: `${subject} is sealed as attempt ${latest.attempt} since ${latest.at}` };
  }
  const seen = typeof folder === 'string' ? `it can't be looked at: ${folder}` : markerText(folder);
  return {
    refusals: [
      {
        subject,
        reason: `was sealed as attempt ${latest.attempt} in ${describeStorage(volume)}, and ${seen}`,
        remedy: 'put back what was there; or describe another folder, as a new generation with a name of its own',
      },
    ],
  };
}

function folderRefusals(facts: FolderFacts, uuid: string): Refusal[] {
  const { volume, folder, found, uses } = facts;
  const subject = describeStorage(volume);
  if (typeof folder === 'string') return [{ subject, reason: `can't be looked at: ${folder}` }];
  return [
    ...placeRefusals(facts),
    ...uses.map((use) => ({ subject, reason: `is in use: ${use}`, remedy: 'stop what uses it, and unmount it there' })),
    ...contentRefusals(facts, folder, uuid),
    ...(typeof found === 'string' ? [] : roomRefusals(subject, found, folder)),
  ];
}

/** A copy of a folder into itself has no end. */
function placeRefusals({ source, volume }: FolderFacts): Refusal[] {
  if (source.kind !== 'nfs') return [];
  const [from, to] = [source, volume].map(({ server, path }) => exportLocation('NFS', server, path));
  if (!from || !to || !overlaps(from, to)) return [];
  const reason = `is ${describeStorage(source)}, where the data is, or above or below it`;
  return [{ subject: describeStorage(volume), reason, remedy: 'describe a folder that has nothing to do with it' }];
}

/** What is there may be ours, from a run that ended early. */
function contentRefusals(
  { app, volume, latest }: FolderFacts,
  { marker, names }: ProbedFolder,
  uuid: string,
): Refusal[] {
  const subject = describeStorage(volume);
  if (marker.uuid === uuid && marker.state === 'building') return [];
  const remedy = 'make an empty folder on the NAS, and describe that';
  if (latest && stageOf(latest) === 'given up' && marker.uuid === latest.uuid) {
    const held =
      latest.state === 'rolled-back' ? `what ${app} wrote there before it was taken back` : 'an unsealed copy';
    return [{ subject, reason: `holds ${held}, of attempt ${latest.attempt}: it is not filled again`, remedy }];
  }
  if (marker.state) return [{ subject, reason: `is not empty: ${markerText({ marker })}`, remedy }];
  if (names.length === 0) return [];
  return [
    {
      subject,
      reason: `is not empty: it holds ${names.slice(0, 3).join(', ')}, and nothing is copied over that`,
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
  folder: ProbedFolder,
): Refusal[] {
  const wanted = Math.max(bytes, allocatedBytes);
  const lacksInodes = folder.freeInodes > 0 && folder.freeInodes < entries;
  if (folder.freeBytes >= wanted && !lacksInodes) return [];
  const has = `${readableBytes(folder.freeBytes)}${lacksInodes ? ` and ${folder.freeInodes} inodes` : ''} free`;
  return [
    {
      subject,
      reason: `has ${has}, and ${readableBytes(wanted)} in ${entries} entries go there`,
      remedy: 'make room on its pool',
    },
  ];
}
