import { expect, test } from 'vitest';
import { namedOf } from '../../../tools/ci/named';

const items = [
  'npm run rehearse',
  'lab/test/lab/copy.test.ts',
  'lab/test/lab/final-copy.test.ts',
  'lab/test/a.test.ts',
].map((name) => ({ name }));
const named = (...asked: readonly string[]) => namedOf(items, asked).map(({ name }) => name);

test.each([
  [[], items.map(({ name }) => name)],
  [['copy'], ['lab/test/lab/copy.test.ts']],
  [
    ['a', 'npm run rehearse'],
    ['npm run rehearse', 'lab/test/a.test.ts'],
  ],
  [['lab/test/lab'], ['lab/test/lab/copy.test.ts', 'lab/test/lab/final-copy.test.ts']],
  [
    ['lab/test/lab/', 'copy'],
    ['lab/test/lab/copy.test.ts', 'lab/test/lab/final-copy.test.ts'],
  ],
  [['lab/test/a.test.ts'], ['lab/test/a.test.ts']],
])('%j stands for %j', (asked, expected) => {
  expect(named(...asked)).toEqual(expected);
});

test('an unknown name is refused, with the known names', () => {
  expect(() => named('copy', 'cpoy')).toThrow(/"cpoy"[^"]*"copy"[\s\S]*lab\/test\/a\.test\.ts/);
});
