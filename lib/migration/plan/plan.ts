import { createHash } from 'node:crypto';
import { readableBytes } from '../../core/quantity';
import type { Refusal } from '../../core/refusal';
import type { Chap } from '../../scripts/chap';
import { sealVolume } from '../../scripts/copy/seal-volume';
import type { CopyTarget } from '../../scripts/copy/target';
import { type Attempt, type FileSystemType, formatLun, type PlannedLun } from '../../scripts/lun/format-lun';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { Script } from '../../scripts/script';
import { fileSystemUuid, madeByAttempt } from '../../storage/file-system-uuid';
import { identifyLun } from '../../storage/iscsi/identify-lun';
import { identityOfLun } from '../../storage/iscsi/identity';
import { locateDisk } from '../../storage/iscsi/locate-disk';
import type { SourceIdentity } from '../../storage/movable';
import {
  type DataVolume,
  describeIdentity,
  describeStorage,
  type Identity,
  identityName,
  isSameIdentity,
  movable,
} from '../../storage/registry';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry } from '../journal/journal';
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
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** Where the data comes from, where there is any. */
  readonly sourceIdentity?: SourceIdentity<Identity>;
  /** What the journal says before the first step. */
  readonly begins?: JournalEntry['state'];
  readonly steps: readonly Step[];
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
  | { readonly refusals: readonly Refusal[]; readonly plan?: undefined; readonly done?: undefined }
  /** There is nothing to do: what it would lead to is there. */
  | { readonly done: string; readonly plan?: undefined; readonly refusals?: undefined };

/** What a plan follows from where its target is a LUN. */
export interface TargetFacts extends AttemptFacts {
  readonly volume: IscsiVolume;
}

/**
 * The plan to make a file system on a LUN that nothing was ever on.
 *
 * @returns every refusal there is, where there is one
 */
export function planFormat(facts: TargetFacts): Planned {
  const whole = planOnTarget(
    facts,
    () => [],
    (work) => [formatStep(work), sealStep(work)],
  );
  return whole.plan && isFormatted(facts, whole.plan) ? withoutFormat(whole) : whole;
}

/** Whether the journal says that this attempt has made the file system, and it is there. */
function isFormatted({ latest, looks }: TargetFacts, { attempt: { attempt, uuid } }: Plan): boolean {
  const isThere = looks.some(({ target }) => target?.luns.some((lun) => lun.uuid === uuid));
  return isThere && latest?.state === 'building' && latest.attempt === attempt && latest.uuid === uuid;
}

/** The run before may have sealed the volume and ended before it wrote that down. What was approved then is approved. */
function withoutFormat({ plan, digest }: PlannedSteps): PlannedSteps {
  return { plan: { ...plan, steps: plan.steps.filter(({ reaches }) => reaches !== 'building') }, digest };
}

/** The same where the target is a LUN. */
export interface LunWork extends TargetWork {
  readonly lun: PlannedLun;
  readonly fileSystem: FileSystemType;
}

/** What the steps of a plan are made for. */
export interface TargetWork {
  readonly node: string;
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  readonly fileSystem: FileSystemType | 'nfs';
  readonly chap?: Chap;
}

/**
 * A plan to fill the disk that a description means, from an empty file system on.
 *
 * @param refuse what else is in the way, once the disk is known
 */
export function planOnTarget(
  facts: TargetFacts,
  refuse: (seen: SeenLun) => readonly Refusal[],
  steps: (work: LunWork) => readonly Step[],
  later?: (work: LunWork) => readonly LaterStep[],
): Planned {
  const { volume, chap } = facts;
  const name = persistentVolumeName(volume);
  const sealed = lunAlreadySealed(facts);
  if (sealed) return sealed;
  const { disk, refusals } = locateDisk(facts, (seen) => [...writerRefusals(facts), ...(seen ? refuse(seen) : [])]);
  if (!disk) return { refusals };
  const { seen, lun } = disk;
  const node = writerOf(facts) ?? facts.usedOn ?? disk.node;
  const uuid = fileSystemUuid({ volume: name, attempt: facts.attempt, place: lun.wwn });
  const attempt = { volume: name, attempt: facts.attempt, uuid };
  const content = leftRefusal(facts, seen, name) ?? contentRefusal(facts, seen, uuid);
  if (content) return { refusals: [content] };
  return planToFill(facts, { node, target: lun, lun, attempt, fileSystem: fileSystemOf(volume), chap }, steps, later);
}

/** The plan to fill a disk that is known. */
export function planToFill<Work extends TargetWork>(
  { app, mountPath, sourceIdentity }: Pick<Plan, 'app' | 'mountPath' | 'sourceIdentity'>,
  work: Work,
  steps: (work: Work) => readonly Step[],
  later?: (work: Work) => readonly LaterStep[],
): PlannedSteps {
  const { target, attempt } = work;
  return planned({
    app,
    mountPath,
    volume: attempt.volume,
    target,
    attempt,
    ...(sourceIdentity && { sourceIdentity }),
    begins: 'intent',
    steps: steps(work),
    ...(later && { later: later(work) }),
    whenItFails:
      'What the app uses is untouched, and the LUN may hold a part of what the step writes, which it recognises',
  });
}

/** @returns the plan with its digest */
export function planned(plan: Plan): PlannedSteps {
  return { plan, digest: digestOf(plan) };
}

/** What is made on a LUN of a description; nothing is on a folder. */
export function fileSystemOf(volume: IscsiVolume): FileSystemType;
export function fileSystemOf(volume: DataVolume): FileSystemType | 'nfs';
export function fileSystemOf(volume: DataVolume): FileSystemType | 'nfs' {
  return movable(volume).fileSystem(volume);
}

/** Makes the file system, where nothing was ever written. */
export function formatStep({ node, lun, attempt, fileSystem, chap }: LunWork): Step {
  return {
    name: 'format',
    node,
    text: `reads all of ${readableBytes(lun.bytes)}, and where every byte is zero makes ${fileSystem} with UUID ${attempt.uuid}`,
    script: formatLun(lun, attempt, fileSystem, chap),
    reaches: 'building',
  };
}

/** Marks what is there as whole. @param from what the marker says before, as of `sealVolume` */
export function sealStep({ node, target, attempt, fileSystem, chap }: TargetWork, from?: 'building' | 'none'): Step {
  return {
    name: 'seal',
    node,
    text: `marks the volume as attempt ${attempt.attempt} of ${attempt.volume}, whole: from then on nothing formats it or copies into it`,
    script: sealVolume(target, attempt, fileSystem, chap, from),
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

/** Of a volume that the journal calls sealed: whether it is that one, whoever uses it now. */
export function lunAlreadySealed({ volume, latest, looks }: TargetFacts): Planned | undefined {
  const { lun: seen } = identifyLun(volume, looks);
  if (latest?.state !== 'sealed' || !seen) return undefined;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  if (isSameIdentity(latest.target, identityOfLun(seen)) && latest.uuid === seen.uuid) {
    return { done: `${subject} is sealed as attempt ${latest.attempt} since ${latest.at}` };
  }
  return {
    refusals: [
      {
        subject,
        reason:
          `was sealed on ${describeIdentity(latest.target)} with file system ${latest.uuid}, ` +
          `and LUN ${seen.lun} is disk ${seen.wwn} with ${seen.uuid || 'none that is recognised'}`,
        remedy: 'map the LUN that it was sealed on; or give the new one a name of its own, as a new generation',
      },
    ],
  };
}

/** An attempt that was given up may have left something that nobody recognises, so its disk is wiped before the next one. */
function leftRefusal({ app, volume, latest }: TargetFacts, seen: SeenLun, name: string): Refusal | undefined {
  if (
    !latest ||
    !isSameIdentity(latest.target, identityOfLun(seen)) ||
    !madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) })
  )
    return undefined;
  if (latest.state !== 'rolled-back' && latest.state !== 'abandoned' && latest.state !== 'wiping') return undefined;
  if (seen.content && seen.uuid !== latest.uuid) return undefined;
  if (latest.state === 'rolled-back') {
    return {
      subject: describeStorage(volume),
      reason: `was sealed as attempt ${latest.attempt} of PersistentVolume ${name}, and ${app} was taken back from it at ${latest.at}: it holds what ${app} wrote there, and is not formatted again`,
      remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
    };
  }
  const what = seen.content ? `holds ${seen.content} with UUID ${seen.uuid}` : 'may not be blank';
  return {
    subject: describeStorage(volume),
    reason: `${what}: what attempt ${latest.attempt} of PersistentVolume ${name} left, which was given up at ${latest.at}`,
    remedy: `"lunward wipe ${app}" makes it blank again`,
  };
}

/** What is on it may be ours, from a run that ended early. Whether the rest of it is blank is found out by reading it. */
function contentRefusal({ app, volume }: TargetFacts, { content, uuid }: SeenLun, ours: string): Refusal | undefined {
  const subject = describeStorage(volume);
  if (!content || (uuid === ours && content === fileSystemOf(volume))) return undefined;
  if (uuid === ours) {
    return {
      subject,
      reason: `holds ${content}, which this attempt made, and ${fileSystemOf(volume)} is described now (formatAs)`,
      remedy: `describe it as before; or "lunward abort ${app}", then "lunward wipe ${app}"`,
    };
  }
  return {
    subject,
    reason: `holds ${content}${uuid ? ` with UUID ${uuid}` : ''}: it is not blank, and is never formatted`,
    remedy: `if that is this app's data, adopt it with "lunward seal"; else make a new LUN on the NAS`,
  };
}
