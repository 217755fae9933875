import type { SourceState } from '../../storage/movable';
import type { DataVolume, Identity } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { SettingPatch } from '../../workload/facts';
import type { JournalEntry } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { LongStep } from '../survey/unit-observation';
import type { AttemptFacts } from './attempt-facts';
import { type Planned, planFor } from './plan';
import { laterSteps, moveSteps } from './plan-move';

/** What is known while a step of a move is at work. */
export interface ResumeFacts
  extends Pick<AttemptFacts, 'app' | 'mountPath' | 'chap'>,
    Omit<SourceState<Identity>, 'sourceIdentity'> {
  readonly source: DataVolume;
  readonly volume: DataVolume;
  readonly patches: readonly SettingPatch[];
  readonly latest: JournalEntry;
}

/**
 * The plan of a move whose step is at work at this moment, from that step on. The disk is not looked at, for the step has
 * locked it: what the journal says of it was proven when the move was begun. What was approved then is approved.
 */
export function resumeMove({ latest, chap, ...facts }: ResumeFacts, step: LongStep): Planned {
  const { volume } = facts;
  const moved = { ...facts, ...(latest.source && { sourceIdentity: latest.source }) };
  const { target: identity, attempt: number, uuid } = requireKind(volume, latest);
  const attempt = { volume: persistentVolumeName(volume), attempt: number, uuid };
  const work = { node: latest.node, volume, identity, attempt, ...(chap && { chap }) };
  const { plan, digest } = planFor(
    moved,
    work,
    (of) => moveSteps(of, moved, 'it is being copied'),
    (of) => laterSteps(of, moved),
  );
  const first = plan.steps.findIndex(({ name }) => name === step);
  return { plan: { ...plan, steps: plan.steps.slice(first) }, digest };
}
