import { afterEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../lib/core/clock';
import { gateOf, notOwn } from '../../../lib/migration/cutover/own-gate';

const minutes = (count: number) => count * 60_000;

function at(time: number): void {
  vi.spyOn(clock, 'now').mockReturnValue(time);
}

// Files share their globals: a clock that stands still would let the waits of another file go on for ever.
afterEach(() => {
  vi.restoreAllMocks();
});

describe('an app may be rolled back automatically', () => {
  it.each([
    ['by the run that started it, at once', 'mine', 0, true],
    ['by that run, within the time of the gate', 'mine', 29, true],
    ['not by that run, after that time', 'mine', 31, false],
    ['not by that run, where the clock was set back', 'mine', -1, false],
    ['not by another run', 'another', 0, false],
  ])('%s', (_, run, after, isOwn) => {
    at(minutes(1000));
    const gate = gateOf('mine');
    at(minutes(1000 + after));
    expect(notOwn(gate, run) === undefined).toBe(isOwn);
  });

  it('not if the journal is of a version that recorded no gate', () => {
    expect(notOwn(undefined, 'mine')).toBeDefined();
  });
});
