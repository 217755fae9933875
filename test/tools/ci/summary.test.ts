import { expect, test } from 'vitest';
import type { Counts, Step } from '../../../tools/ci/step';
import { type Ran, succeeded, summaryOf } from '../../../tools/ci/summary';

const ran = (name: string, counts: Partial<Counts>, more: Partial<Step> & { why?: string } = {}): Ran => ({
  step: { name, minutes: 1, command: [], count: () => ({ passed: 0, failed: 0, skipped: 0 }), ...more },
  counts: { passed: 0, failed: 0, skipped: 0, ...counts },
  minutes: 1.25,
  why: more.why,
});

test('the last line has all totals, and is the only such line', () => {
  const text = summaryOf([ran('a', { passed: 3, skipped: 1 }), ran('b', { passed: 2, failed: 1 })]).join('\n');
  expect(text).toMatch(/\n\n5 passed, 1 failed, 1 skipped$/);
});

test('failures come first, then each step with its counts and minutes', () => {
  const lines = summaryOf([ran('a', { passed: 3 }), ran('b', { failed: 1, failures: ['moves: it did not'] })]);
  expect(lines[0]).toContain('failed in b: moves: it did not');
  expect(lines).toContain('a: 3 passed, 0 failed, 0 skipped in 1.3 min');
});

test('each file that did not run has a line with its reason, and no other line', () => {
  const files = ['lab/test/x.test.ts', 'lab/test/y.test.ts'];
  const lines = summaryOf([
    ran('a', { passed: 1 }),
    ran('x and y', { skipped: 2, notRun: 'no time' }, { files, why: 'its turn' }),
    ran('z', { skipped: 1, notRun: 'no time' }),
  ]);
  const after = lines.slice(lines.indexOf('\n=== not run') + 1);
  expect(after).toEqual([
    'lab/test/x.test.ts: its turn; no time',
    'lab/test/y.test.ts: its turn; no time',
    'z: no time',
    '',
    '1 passed, 0 failed, 3 skipped',
  ]);
  expect(lines.filter((line) => line.startsWith('x and y:'))).toEqual([]);
});

test.each([
  [[{ passed: 3, skipped: 4 }], true],
  [[{ passed: 3 }, { failed: 1 }], false],
  [[{ skipped: 4 }], false],
  [[], false],
])('%j succeeded: %s', (counts, expected) => {
  expect(succeeded(counts.map((one) => ran('a', one)))).toBe(expected);
});
