import { createHash } from 'node:crypto';
import type { Advice } from '../../core/advice';
import type { Chap } from '../../scripts/chap';
import { sealVolume } from '../../scripts/copy/seal-volume';
import type { CopyTarget } from '../../scripts/copy/target';
import type { Attempt } from '../../scripts/lun/format-lun';
import type { Script } from '../../scripts/script';
import { fileSystemUuid } from '../../storage/file-system-uuid';
import type { SourceIdentity } from '../../storage/movable';
import { type DataVolume, type Identity, identityName, movable } from '../../storage/registry';
import type { FoundTarget, TargetFacts, TargetJudgement } from '../../storage/target';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type JournalEntry, stageOf } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { AttemptFacts } from './attempt-facts';
import { writerOf, writerRefusals } from './writer';

/** Something that will be done, on a machine. */
export interface Step {
  readonly name: string;
  readonly node: string;
  /** For a person. */
  readonly text: string;
  /** Name of the unit that it runs as, where it takes long. */
  readonly unit?: string;
  readonly script: Script<unknown>;
  /** What the journal says once it is done. */
  readonly reaches?: JournalEntry['state'];
  /**
   * Whether the copy is given up for good where the marker of the volume was read and is another one: it was sealed, and the journal does
   * not say so. Nothing else is done then. @default false: the plan ends with an error
   */
  readonly givesUpSealed?: boolean;
  /**
   * What leads on where the marker of the volume was read and is another one, with the state that everything is in. Default: the step is run
   * again.
   */
  readonly whenOtherMarker?: string;
}

/** What follows once all steps are done and the app is to change its volume; it is not told from the others by what is approved. */
export interface LaterStep {
  readonly name: string;
  /** For a person. */
  readonly text: string;
  /** Of the script that does it, where one does. */
  readonly hash?: string;
}

/** What is going to be done to a volume. */
export interface Plan {
  readonly app: string;
  readonly mountPath: string;
  /** Name of the PersistentVolume. */
  readonly volume: string;
  /** Where it is, for a person. */
  readonly place: string;
  /** The same, as the journal keeps it. */
  readonly identity: Identity;
  /** The same, as scripts get it. */
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** Where the data comes from, where there is any. */
  readonly sourceIdentity?: SourceIdentity<Identity>;
  /** What the journal says before the first step. */
  readonly begins?: JournalEntry['state'];
  readonly steps: readonly Step[];
  /** The node that wrote the attempt, where the operator says that it is gone for good: no step runs there, and the journal records it. */
  readonly goneWriter?: string;
  readonly later?: readonly LaterStep[];
  /** What state everything is in where a step declines or fails, whichever it is. */
  readonly whenItFails: string;
}

/** A plan, with what is approved. */
export interface PlannedSteps {
  readonly plan: Plan;
  readonly digest: string;
  readonly refusals?: undefined;
  readonly done?: undefined;
}

/** A plan, or why there is none. */
export type Planned =
  | PlannedSteps
  | { readonly refusals: readonly Advice[]; readonly plan?: undefined; readonly done?: undefined }
  /** There is nothing to do: what it would lead to is there. */
  | { readonly done: string; readonly plan?: undefined; readonly refusals?: undefined };

/**
 * What a plan follows from, as the kind of its target reads it. What was given up on another kind of storage says nothing about this one.
 *
 * @throws UserError where the attempt is under way, or sealed, on another kind of storage
 */
export function factsOfKind<Facts extends AttemptFacts>(
  facts: Facts,
): Facts & TargetFacts<DataVolume, Identity, unknown> {
  const { volume, latest } = facts;
  if (!latest) return { ...facts, latest: undefined };
  const isOther = latest.target.kind !== volume.kind && stageOf(latest) === 'given up';
  return { ...facts, latest: isOther ? undefined : requireKind(volume, latest) };
}

/**
 * The plan to make a file system where nothing was ever on.
 *
 * @returns every refusal there is, where there is one
 */
export function planFormat(facts: AttemptFacts): Planned {
  const judged = judgeTarget(facts);
  const whole = planToFill(facts, judged, [], (work) => [prepareStep(work), sealStep(work)]);
  return whole.plan && judged.found?.isPrepared && isPreparedBy(facts, whole.plan) ? withoutPreparing(whole) : whole;
}

/** Whether the journal says that this attempt has made the file system. */
function isPreparedBy({ latest }: AttemptFacts, { attempt: { attempt, uuid } }: Plan): boolean {
  return latest?.state === 'building' && latest.attempt === attempt && latest.uuid === uuid;
}

/** The run before may have sealed the volume and ended before it wrote that down. What was approved then is approved. */
function withoutPreparing({ plan, digest }: PlannedSteps): PlannedSteps {
  return { plan: { ...plan, steps: plan.steps.filter(({ reaches }) => reaches !== 'building') }, digest };
}

/** What the steps of a plan are made for. */
export interface TargetWork {
  readonly node: string;
  readonly volume: DataVolume;
  readonly identity: Identity;
  readonly attempt: Attempt;
  /** Default: the one that is described. */
  readonly fileSystem?: string;
  readonly chap?: Chap;
}

/** What its kind makes of a target. */
export function judgeTarget(facts: AttemptFacts): TargetJudgement<FoundTarget<Identity>> {
  return movable(facts.volume).judgeTarget(factsOfKind(facts));
}

/**
 * A plan to fill the place that a description means.
 *
 * @param more what else is in the way
 */
export function planToFill(
  facts: AttemptFacts,
  judged: TargetJudgement<FoundTarget<Identity>>,
  more: readonly Advice[],
  steps: (work: TargetWork) => readonly Step[],
  later?: (work: TargetWork) => readonly LaterStep[],
): Planned {
  if (judged.done !== undefined) return { done: judged.done };
  const { volume, attempt: number, chap } = facts;
  const writer = writerOf(facts) ?? facts.usedOn;
  const refusals = [
    ...(judged.refusals ?? []),
    ...writerRefusals(facts),
    ...(judged.found ? onlyNodeRefusals(volume, judged.found, writer) : []),
    ...more,
  ];
  if (!judged.found || refusals.length > 0) return { refusals };
  const { identity, node } = judged.found;
  const name = persistentVolumeName(volume);
  const uuid = fileSystemUuid({ volume: name, attempt: number, place: identityName(identity) });
  const attempt = { volume: name, attempt: number, uuid };
  return planFor(facts, { node: writer ?? node, volume, identity, attempt, ...(chap && { chap }) }, steps, later);
}

/** Where another node has to write than the one that alone reaches the place. */
function onlyNodeRefusals(volume: DataVolume, { node, isOnlyNode }: FoundTarget<Identity>, writer?: string): Advice[] {
  if (!isOnlyNode || writer === undefined || writer === node) return [];
  return [
    {
      code: 'writer-elsewhere',
      subject: `PersistentVolume ${persistentVolumeName(volume)}`,
      found: `is reached from ${node} alone, and what it is filled from is read on ${writer}`,
      remedy: `have the app run on ${node}, then run this again`,
    },
  ];
}

/** The plan to fill a place that is known. */
export function planFor(
  { app, mountPath, sourceIdentity }: Pick<Plan, 'app' | 'mountPath' | 'sourceIdentity'>,
  work: TargetWork,
  steps: (work: TargetWork) => readonly Step[],
  later?: (work: TargetWork) => readonly LaterStep[],
): PlannedSteps {
  return planned({
    app,
    mountPath,
    ...placeOf(work),
    ...(sourceIdentity && { sourceIdentity }),
    begins: 'intent',
    steps: steps(work),
    ...(later && { later: later(work) }),
    whenItFails:
      'What the app uses is untouched, and the new volume may hold a part of what the step writes, which it recognises',
  });
}

/** Where a plan works, and as which attempt. */
export function placeOf({
  volume,
  identity,
  attempt,
}: Pick<TargetWork, 'volume' | 'identity' | 'attempt'>): Pick<
  Plan,
  'volume' | 'place' | 'identity' | 'target' | 'attempt'
> {
  const kind = movable(volume);
  return {
    volume: attempt.volume,
    place: kind.describeTarget(volume, identity),
    identity,
    target: kind.target(volume, identity),
    attempt,
  };
}

/** @returns the plan with its digest */
export function planned(plan: Plan): PlannedSteps {
  return { plan, digest: digestOf(plan) };
}

/** What is made on a volume of a description, as scripts call it. */
export function fileSystemOf(volume: DataVolume): string {
  return movable(volume).fileSystem(volume);
}

/** Makes the place the attempt's own, where nothing was ever written. */
export function prepareStep({ node, volume, ...work }: TargetWork): Step {
  return { ...movable(volume).prepare(volume, work), node, reaches: 'building' };
}

/** Marks what is there as whole. @param from what the marker says before, as of `sealVolume` */
export function sealStep(work: TargetWork, from?: 'building' | 'none'): Step {
  const { node, volume, identity, attempt, fileSystem = fileSystemOf(volume), chap } = work;
  return {
    name: 'seal',
    node,
    text: `marks the volume as attempt ${attempt.attempt} of ${attempt.volume}, whole: from then on nothing formats it or copies into it`,
    script: sealVolume(movable(volume).target(volume, identity), attempt, fileSystem, chap, from),
    reaches: 'sealed',
  };
}

/** What is approved: which disk, what is done to it, and by which scripts. Nothing in it changes while an app runs. */
export function digestOf({ app, mountPath, volume, target, attempt, sourceIdentity, steps, later }: Plan): string {
  const content = {
    app,
    mountPath,
    volume,
    target,
    attempt,
    sourceIdentity,
    steps: steps.map(({ name, node, script }) => [name, node, script.hash]),
    later,
  };
  return approvalDigest(content);
}

/** What a person writes to approve what was shown: 16 hexadecimal digits. */
export function approvalDigest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
