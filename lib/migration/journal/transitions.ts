import { isDeepStrictEqual } from 'node:util';
import { isSameIdentity } from '../../storage/registry';
import type { AttemptState, JournalEntry, NewEntry } from './entry';

/** The states that can follow in one attempt. It begins again (`intent`) on another disk, or from a source of another size. */
export const withinAttempt: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  intent: ['intent', 'building', 'sealed', 'abandoned'],
  building: ['intent', 'prepared', 'sealed', 'abandoned'],
  // Sealed on the volume, and not in the journal, when the app was started on its old volume again.
  prepared: ['intent', 'sealed', 'rolled-back', 'abandoned'],
  // Sealed again: its LUN was grown.
  sealed: ['sealed', 'rolled-back'],
  'rolled-back': [],
  abandoned: ['wiping'],
  wiping: ['wiped'],
  wiped: [],
};

/** The states that the next attempt can begin with, by the state of the one before. */
export const nextAttempt: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  intent: [],
  building: [],
  prepared: [],
  // Its marker was given the number of the next attempt.
  sealed: ['rolled-back'],
  'rolled-back': ['intent', 'sealed'],
  abandoned: ['intent'],
  // Another disk is mapped in place of the one that holds what is left.
  wiping: ['intent'],
  wiped: ['intent'],
};

/** The states that an attempt has been in, or need not be in any more: they are not recorded again. */
const passed: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  intent: ['intent'],
  building: ['intent', 'building'],
  prepared: ['intent', 'building', 'prepared'],
  sealed: ['intent', 'building', 'prepared', 'sealed'],
  'rolled-back': ['rolled-back'],
  abandoned: ['abandoned'],
  wiping: ['wiping'],
  wiped: ['wiping', 'wiped'],
};

/** Whether it is recorded already that an attempt came so far in this place, from the same source. */
export function isRecorded(latest: JournalEntry | undefined, { attempt, target, state, source }: NewEntry): boolean {
  if (latest?.attempt !== attempt || !isSameIdentity(latest.target, target)) return false;
  const isOther = latest.source !== undefined && !isDeepStrictEqual(latest.source, source);
  return !isOther && passed[latest.state].includes(state);
}

/**
 * Refuses to record what can't have happened.
 *
 * @throws Error where a volume can't come from its latest state into this one: a fault of Lunward
 */
export function assertCanFollow(volume: string, latest: JournalEntry | undefined, next: NewEntry): void {
  const allowed = latest ? followers(latest, next) : ['intent'];
  if (allowed.includes(next.state)) return;
  const from = latest ? `attempt ${latest.attempt} (${latest.state})` : 'no attempt';
  throw new Error(
    `The journal can't record attempt ${next.attempt} (${next.state}) of PersistentVolume ${volume} after ${from}: expected ${allowed.join(' or ') || 'nothing'}. Nothing was written`,
  );
}

function followers(latest: JournalEntry, next: NewEntry): readonly AttemptState[] {
  if (next.attempt < latest.attempt) return [];
  return next.attempt === latest.attempt ? withinAttempt[latest.state] : nextAttempt[latest.state];
}
