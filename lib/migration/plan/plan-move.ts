import { readableBytes } from '../../core/quantity';
import type { Refusal } from '../../core/refusal';
import type { CopyProps } from '../../scripts/copy/copy';
import { finalCopy } from '../../scripts/copy/final-copy';
import { hashTrees } from '../../scripts/copy/hash-trees';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { WARM_COPY_REMAINDER_BYTES, warmCopy } from '../../scripts/copy/warm-copy';
import { markFolder } from '../../scripts/nfs/mark-folder';
import { unitName } from '../../scripts/unit/unit';
import { recommendedSize, spaceShortfall } from '../../storage/iscsi/recommended-size';
import type { SourceState } from '../../storage/movable';
import { type DataVolume, describeStorage, type Identity, movable } from '../../storage/registry';
import type { IscsiVolume } from '../../volumes/iscsi';
import type { ExpectedData } from '../../workload/database-mounts';
import type { SettingPatch } from '../../workload/facts';
import { patchRefusals } from '../settings/planned-patches';
import { damagedDatabases } from '../survey/database-health';
import { missingDataRefusals } from './expected-data';
import {
  fileSystemOf,
  formatStep,
  type LaterStep,
  type Planned,
  planOnTarget,
  type Step,
  type TargetFacts,
  type TargetWork,
} from './plan';

/** What a plan to move a volume follows from, as far as its source is concerned. */
export interface MoveSource extends Omit<SourceState<Identity>, 'sourceIdentity'> {
  readonly source: DataVolume;
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** What is to be changed in it behind the copy. */
  readonly patches: readonly SettingPatch[];
  /** What an app that has run has left there. Default: nothing is known of that. */
  readonly expected?: ExpectedData;
}

/** What a plan to move a volume to a LUN follows from. */
export interface MoveFacts extends TargetFacts, MoveSource {}

/**
 * The plan to fill a LUN from where the data is while the app goes on running.
 *
 * @returns every refusal there is, where there is one
 */
export function planMove(facts: MoveFacts): Planned {
  const { source, found, patches, expected } = facts;
  return planOnTarget(
    facts,
    ({ bytes }) =>
      typeof found === 'string'
        ? [unknownSource(source, found)]
        : [
            ...sourceRefusals(source, found, expected),
            ...roomRefusals(source, found, bytes),
            ...patchRefusals(source, found, patches),
          ],
    (work) => moveSteps(work, facts, found),
    (work) => laterSteps(work, facts),
  );
}

/** What a plan to move follows from besides the disk. */
export interface MoveInputs extends Pick<MoveSource, 'source' | 'patches'>, SourceState<Identity> {
  readonly volume: DataVolume;
}

/** What is done once the copy is there: the app is down from the first of these to the last. */
export function laterSteps(work: TargetWork, moved: MoveInputs): LaterStep[] {
  const { node } = work;
  const { source, volume, patches } = moved;
  const changes = patches.map(({ path, element, to }) => `${path}: ${element.at(-1)} becomes ${to}`);
  return [
    {
      name: 'stop',
      text: `keeps pods from claim ${source.name}, where the cluster can, stops the app, and proves that nothing uses it any more`,
    },
    {
      name: 'final',
      text:
        `on ${node}, copies what has changed, compares both sides, checks databases on copies` +
        `${changes.length > 0 ? `, changes settings where they are there (${changes.join('; ')})` : ''}, and seals the volume`,
      hash: finalCopy({ ...copyOf(work, moved), patches: [] }).hash,
    },
    { name: 'switch', text: `gives the app claim ${volume.name} in place of ${source.name}, which stays as it is` },
    { name: 'start', text: 'starts the app, and sees that it is well' },
  ];
}

/** What is done for a move, whatever of it is done already. */
export function moveSteps(work: TargetWork, moved: MoveInputs, found: ProbedSource | string): Step[] {
  return [beginStep(work, moved.volume), copyStep(work, moved, found), hashStep(work, moved)];
}

/** What makes the target ours. */
function beginStep(work: TargetWork, volume: DataVolume): Step {
  const { node, target, attempt } = work;
  if ('wwn' in target) return formatStep({ ...work, lun: target, fileSystem: fileSystemOf(volume as IscsiVolume) });
  return {
    name: 'mark',
    node,
    text: `sees that ${describeStorage(volume)} is empty and takes what a copy is made of, and marks it as attempt ${attempt.attempt} of ${attempt.volume}`,
    script: markFolder(target, attempt),
    reaches: 'building',
  };
}

function copyOf({ target, attempt, fileSystem, chap }: TargetWork, { source, ...state }: MoveInputs): CopyProps {
  return { source: movable(source).source(source, state), target, attempt, fileSystem, ...(chap && { chap }) };
}

function copyStep(work: TargetWork, moved: MoveInputs, found: ProbedSource | string): Step {
  const { node, attempt } = work;
  const mounted =
    moved.source.kind === 'iscsi' && moved.isUsed
      ? `looked at read-only where ${node} has it mounted`
      : 'mounted read-only';
  const size = typeof found === 'string' ? 'what is there' : `about ${readableBytes(found.bytes)}`;
  return {
    name: 'copy',
    node,
    text:
      `copies ${size} from ${describeStorage(moved.source)}, ${mounted}, while the app goes on; ` +
      `again until no more than ${readableBytes(WARM_COPY_REMAINDER_BYTES)} have changed meanwhile`,
    unit: unitName('copy', attempt),
    script: warmCopy(copyOf(work, moved)),
  };
}

function hashStep(work: TargetWork, moved: MoveInputs): Step {
  const { node, attempt } = work;
  return {
    name: 'hash',
    node,
    text:
      'hashes every file of both sides, the copy from its disk, while the app goes on: ' +
      'once it is stopped, only what has changed since is read again',
    unit: unitName('hash', attempt),
    script: hashTrees(copyOf(work, moved)),
    reaches: 'prepared',
  };
}

/** Of a source that can't be looked at. */
export function unknownSource(source: DataVolume, reason: string): Refusal {
  return { subject: describeStorage(source), reason: `can't be looked at: ${reason}` };
}

/** What is wrong with a source, wherever it goes. */
export function sourceRefusals(source: DataVolume, found: ProbedSource, expected?: ExpectedData): Refusal[] {
  const refusals: Refusal[] = [];
  const subject = describeStorage(source);
  const { count, names } = found.unreadable;
  if (count > 0) {
    refusals.push({
      subject,
      reason: `holds ${count} that root of the node may not read, ${names[0]} for instance: the copy would not be whole`,
      remedy:
        'give the node root access to the export for the time of the move (no_root_squash, or "no mapping" on a NAS)',
    });
  }
  const { freeBytes } = found.room;
  if (freeBytes < MIN_FREE_BYTES) {
    refusals.push({
      subject,
      reason: `has only ${readableBytes(freeBytes)} free${source.kind === 'nfs' ? ' on the NAS' : ''}: databases can't be written whole there, so what would be copied may be torn`,
      remedy: `${source.kind === 'nfs' ? 'make room on its pool (snapshots count)' : 'make room on it'}, and see that the app runs well again`,
    });
  }
  const missing = expected ? missingDataRefusals(subject, expected, found) : [];
  return [...refusals, ...missing, ...damagedDatabases(subject, found)];
}

function roomRefusals(source: DataVolume, found: ProbedSource, lunBytes: number): Refusal[] {
  const lack = spaceShortfall(found, lunBytes);
  if (!lack) return [];
  return [
    { subject: describeStorage(source), reason: lack, remedy: `grow the LUN, and size, to ${recommendedSize(found)}` },
  ];
}

/** With less than this a pool is full: a commit of a database may want as much. */
const MIN_FREE_BYTES = 16 * 1024 ** 2;
