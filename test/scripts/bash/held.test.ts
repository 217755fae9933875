import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-held-'));
  mkdirSync(join(folder, '.lunward'));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), Buffer.alloc(1024 ** 2, 'x'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is said of a folder whose marker has this state; none where it has no marker. */
function held(state: string, more = ''): { bytes: number; entries: number } {
  if (state) writeFileSync(join(folder, '.lunward/marker'), `state=${state}\nattempt=1\nvolume=config\nuuid=6f1a\n`);
  const lines = [more, `read_marker ${folder}; held_by_attempt ${folder}`];
  return JSON.parse(runLibraries(['report', 'marker', 'held'], lines));
}

describe('what an attempt has copied already', () => {
  it('is counted while the volume is being built', () => {
    const { bytes, entries } = held('building');
    expect(bytes).toBeGreaterThanOrEqual(3 * 1024 ** 2);
    expect(bytes).toBeLessThan(4 * 1024 ** 2);
    expect(entries).toBe(6);
  });

  it.each([
    ['the volume is sealed', 'sealed', ''],
    ['it has no marker', '', ''],
    ['the server does not answer in time', 'building', 'timeout() { return 124; }'],
  ])('is zero if %s', (_, state, more) => {
    expect(held(state, more)).toEqual({ bytes: 0, entries: 0 });
  });
});
