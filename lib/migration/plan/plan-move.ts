import type { Advice } from '../../core/advice';
import { readableBytes } from '../../core/quantity';
import type { CopyProps } from '../../scripts/copy/copy';
import { finalCopy } from '../../scripts/copy/final-copy';
import { hashTrees } from '../../scripts/copy/hash-trees';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { WARM_COPY_REMAINDER_BYTES, warmCopy } from '../../scripts/copy/warm-copy';
import { unitName } from '../../scripts/unit/unit';
import type { SourceState } from '../../storage/movable';
import { type DataVolume, describeStorage, type Identity, movable } from '../../storage/registry';
import { kindOf } from '../../volumes/kinds';
import { overlaps } from '../../volumes/location';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { ExpectedData } from '../../workload/database-mounts';
import type { SettingPatch } from '../../workload/facts';
import { patchRefusals } from '../settings/planned-patches';
import { damagedDatabases } from '../survey/database-health';
import type { AttemptFacts } from './attempt-facts';
import { missingDataRefusals } from './expected-data';
import {
  factsOfKind,
  fileSystemOf,
  judgeTarget,
  type LaterStep,
  type Planned,
  planToFill,
  prepareStep,
  type Step,
  type TargetWork,
} from './plan';

/** What a plan to move a volume follows from, as far as its source is concerned. */
export interface MoveSource extends Omit<SourceState<Identity>, 'sourceIdentity'> {
  readonly source: DataVolume;
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** What to change in it after the copy. */
  readonly patches: readonly SettingPatch[];
  /** What an app that has run has left there. Default: nothing is known of that. */
  readonly expected?: ExpectedData;
}

/** What a plan to move a volume follows from. */
export interface MoveFacts extends AttemptFacts, MoveSource {}

/**
 * The plan to fill a volume from the source while the app keeps running.
 *
 * @returns every refusal there is, where there is one
 */
export function planMove(facts: MoveFacts): Planned {
  const { source, volume, found, patches, expected } = facts;
  const uncompared = uncomparedRefusal(facts);
  if (uncompared) return { refusals: [uncompared] };
  const more = [
    ...overlapRefusals(facts),
    ...(typeof found === 'string'
      ? [unknownSource(source, found)]
      : [
          ...sourceRefusals(source, found, expected),
          ...movable(volume).roomRefusals(factsOfKind(facts), found, describeStorage(source)),
          ...patchRefusals(source, found, patches),
        ]),
  ];
  return planToFill(
    facts,
    judgeTarget(facts),
    more,
    (work) => moveSteps(work, facts, found),
    (work) => laterSteps(work, facts),
  );
}

/** What was formatted or adopted is whole, and no copy: the app would be switched to whatever it holds. */
function uncomparedRefusal({ source, volume, latest }: MoveFacts): Advice | undefined {
  if (latest?.state !== 'sealed' || latest.manifest) return undefined;
  return {
    code: 'already-sealed',
    subject: `PersistentVolume ${persistentVolumeName(volume)}`,
    found: `was formatted or adopted as attempt ${latest.attempt} at ${latest.at}, and is no copy of ${describeStorage(source)}: nothing moves there`,
    remedy:
      'to move, describe a blank LUN or an empty folder in its place, with a name of its own; ' +
      "if it has the app's latest data, describe it without the generations before it",
  };
}

/** A copy of a folder into itself has no end. */
function overlapRefusals({ source, volume }: MoveFacts): Advice[] {
  const [from, to] = [source, volume].map((one) => kindOf(one).location(one, one.namespace ?? ''));
  if (!from || !to || !overlaps(from, to)) return [];
  const reason = `is ${describeStorage(source)}, where the data is, or above or below it`;
  return [
    {
      code: 'target-overlaps-source',
      subject: describeStorage(volume),
      found: reason,
      remedy: 'describe a place that has nothing to do with it',
    },
  ];
}

/** What a plan to move follows from besides its target. */
export type MoveInputs = Pick<MoveSource, 'source' | 'patches'> & SourceState<Identity>;

/** What is done once the copy is there: the app is down from the first of these to the last. */
export function laterSteps(work: TargetWork, moved: MoveInputs): LaterStep[] {
  const { node, volume } = work;
  const { source, patches } = moved;
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
    { name: 'start', text: 'starts the app and checks that it is healthy' },
  ];
}

/** What is done for a move, whatever of it is done already. */
export function moveSteps(work: TargetWork, moved: MoveInputs, found: ProbedSource | string): Step[] {
  return [prepareStep(work), copyStep(work, moved, found), hashStep(work, moved)];
}

function copyOf({ volume, identity, attempt, chap }: TargetWork, { source, ...state }: MoveInputs): CopyProps {
  return {
    source: movable(source).source(source, state),
    target: movable(volume).target(volume, identity),
    attempt,
    fileSystem: fileSystemOf(volume),
    ...(chap && { chap }),
  };
}

function copyStep(work: TargetWork, moved: MoveInputs, found: ProbedSource | string): Step {
  const { node, attempt } = work;
  const mounted = moved.isUsed ? `read where ${node} has it mounted, read-only` : 'mounted read-only';
  const size = typeof found === 'string' ? 'what is there' : `about ${readableBytes(found.bytes)}`;
  return {
    name: 'copy',
    node,
    text:
      `copies ${size} from ${describeStorage(moved.source)}, ${mounted}, while the app runs; ` +
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
      'hashes every file of both sides, the copy from its disk, while the app runs: ' +
      'once it is stopped, only what has changed since is read again',
    unit: unitName('hash', attempt),
    script: hashTrees(copyOf(work, moved)),
    reaches: 'prepared',
  };
}

/** Of a source that can't be looked at. */
function unknownSource(source: DataVolume, reason: string): Advice {
  return { code: 'source-unreadable', subject: describeStorage(source), found: `could not be inspected: ${reason}` };
}

/** What is wrong with a source, wherever it goes. */
function sourceRefusals(source: DataVolume, found: ProbedSource, expected?: ExpectedData): Advice[] {
  const refusals: Advice[] = [];
  const subject = describeStorage(source);
  const { isShare } = movable(source);
  const { count, names } = found.unreadable;
  if (count > 0) {
    refusals.push({
      code: 'source-entries-unreadable',
      subject,
      found: `holds ${count} that root of the node may not read, ${names[0]} for instance: the copy would not be whole`,
      remedy:
        'give the node root access to the export for the time of the move (no_root_squash, or "no mapping" on a NAS)',
    });
  }
  const { freeBytes } = found.room;
  if (freeBytes < MIN_FREE_BYTES) {
    refusals.push({
      code: 'source-without-room',
      subject,
      found: `has only ${readableBytes(freeBytes)} free${isShare ? ' on the NAS' : ''}: databases can't be written whole there, so what would be copied may be torn`,
      remedy: `${isShare ? 'make room on its pool (snapshots count)' : 'make room on it'}, and see that the app runs well again`,
    });
  }
  const missing = expected ? missingDataRefusals(subject, expected, found) : [];
  return [...refusals, ...missing, ...damagedDatabases(subject, found)];
}

/** With less than this a pool is full: a commit of a database may want as much. */
const MIN_FREE_BYTES = 16 * 1024 ** 2;
