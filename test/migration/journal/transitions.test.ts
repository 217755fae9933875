import { describe, expect, it } from 'vitest';
import type { AttemptState, NewEntry } from '../../../lib/migration/journal/entry';
import { assertCanFollow, isRecorded, nextAttempt, withinAttempt } from '../../../lib/migration/journal/transitions';
import { identityOfLun } from '../../../lib/storage/iscsi/identity';
import { untyped } from '../../helpers';
import { entry, seen } from '../facts';

/** What can be recorded after each state: in one attempt, and as the next one. */
const table: Readonly<Record<AttemptState, readonly [within: string, next: string]>> = {
  intent: ['intent building sealed abandoned', ''],
  building: ['intent prepared sealed abandoned', ''],
  prepared: ['intent sealed rolled-back abandoned', ''],
  sealed: ['sealed rolled-back', 'rolled-back'],
  'rolled-back': ['', 'intent sealed'],
  abandoned: ['wiping', 'intent'],
  wiping: ['wiped', 'intent'],
  wiped: ['', 'intent'],
};
const states = Object.keys(table) as AttemptState[];
const next = (state: AttemptState, more: Partial<NewEntry> = {}) => untyped<NewEntry>({ ...entry(state), ...more });
const follows = (latest: AttemptState | undefined, to: NewEntry) => {
  try {
    assertCanFollow('config', latest && entry(latest), to);
    return true;
  } catch {
    return false;
  }
};
const words = (text: string) => text.split(' ').filter(Boolean);

describe.each(states)('after %s', (state) => {
  const [within, later] = table[state];

  it.each(states)('an attempt becomes %s only if the table says so', (to) => {
    expect(follows(state, next(to))).toBe(words(within).includes(to));
  });

  it.each(states)('a next attempt is %s only if the table says so', (to) => {
    expect(follows(state, next(to, { attempt: 2 }))).toBe(words(later).includes(to));
  });

  it('nothing is recorded for an earlier attempt', () => {
    for (const to of states) expect(follows(state, next(to, { attempt: 0 }))).toBe(false);
  });

  it('an earlier state is not recorded again, except the first one', () => {
    for (const to of states) {
      if (isRecorded(entry(state), next(to)) && to !== state) {
        expect(withinAttempt[state].filter((one) => one !== 'intent')).not.toContain(to);
      }
    }
    expect(isRecorded(entry(state), next(state))).toBe(true);
  });
});

it('the first record of a volume is an intent', () => {
  expect(states.filter((to) => follows(undefined, next(to)))).toEqual(['intent']);
});

it('every state leads to an end at which the app runs on the volume or its disk is blank', () => {
  const ends: readonly AttemptState[] = ['sealed', 'wiped', 'rolled-back'];
  for (const state of states) {
    const reached = new Set<AttemptState>([state]);
    for (const one of reached) for (const to of [...withinAttempt[one], ...nextAttempt[one]]) reached.add(to);
    expect(ends.some((end) => reached.has(end))).toBe(true);
  }
});

it('names both states of an impossible transition', () => {
  expect(() => assertCanFollow('config-2', entry('sealed'), next('prepared'))).toThrow(
    "The journal can't record attempt 1 (prepared) of PersistentVolume config-2 after attempt 1 (sealed): expected sealed or rolled-back. Nothing was written",
  );
});

describe('an existing record', () => {
  const source = { place: identityOfLun({ wwn: 'source', bytes: 8 }), uuid: 's' };

  it.each<[string, NewEntry, boolean]>([
    ['an earlier state of the same attempt', next('building'), true],
    ['a later one', next('sealed'), false],
    ['a next attempt', next('intent', { attempt: 2 }), false],
    ['another disk', next('intent', { target: identityOfLun({ ...seen, wwn: 'another' }) }), false],
    ['the same disk, grown', next('intent', { target: identityOfLun({ ...seen, bytes: 2 }) }), true],
    ['a source that was not recorded', next('intent', { source }), true],
  ])('of one that is prepared: %s', (_, added, expected) => {
    expect(isRecorded(entry('prepared'), added)).toBe(expected);
  });

  it('does not apply to a source with another size', () => {
    const grown = { ...source, place: identityOfLun({ wwn: 'source', bytes: 16 }) };
    expect(isRecorded(entry('prepared', { source }), next('intent', { source }))).toBe(true);
    expect(isRecorded(entry('prepared', { source }), next('intent', { source: grown }))).toBe(false);
  });
});
