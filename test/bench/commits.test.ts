import { describe, expect, it } from 'vitest';
import { commitsPerSecond, longestPause } from '../../bench/lab/commits';

const commits = [900, 1000, 1500, 1600, 2900, 3000];

describe('commits', () => {
  it.each([
    { window: { from: 1000, to: 3000 }, perSecond: 2, pause: 1300 },
    // The pause may lie at either end.
    { window: { from: 1700, to: 2900 }, perSecond: 0, pause: 1200 },
    { window: { from: 0, to: 1200 }, perSecond: 2 / 1.2, pause: 900 },
    { window: { from: 2800, to: 10_000 }, perSecond: 2 / 7.2, pause: 7000 },
  ])('from $window.from to $window.to', ({ window, perSecond, pause }) => {
    expect(commitsPerSecond(commits, window)).toBeCloseTo(perSecond);
    expect(longestPause(commits, window)).toBe(pause);
  });
});
