import { expect, it } from 'vitest';
import { recommendedSize, spaceShortfall } from '../../../lib/storage/iscsi/recommended-size';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

it.each([
  ['nothing', { bytes: 0, allocatedBytes: 0, entries: 0 }, '1Gi'],
  ['a little', { bytes: 100 * MIB, allocatedBytes: 100 * MIB, entries: 500 }, '1Gi'],
  ['a database and some pictures', { bytes: 2 * GIB, allocatedBytes: 2 * GIB, entries: 20_000 }, '5Gi'],
  ['many pictures', { bytes: 5 * GIB, allocatedBytes: 5 * GIB, entries: 100_000 }, '12Gi'],
  ['files with holes, of which each may be filled', { bytes: 10 * GIB, allocatedBytes: GIB, entries: 10 }, '22Gi'],
  ['small files that take a block each', { bytes: 100 * MIB, allocatedBytes: 4 * GIB, entries: 1_000_000 }, '31Gi'],
  ['hardly anything but names', { bytes: 0, allocatedBytes: 0, entries: 1_000_000 }, '31Gi'],
])('for %s', (_, usage, size) => {
  expect(recommendedSize(usage)).toBe(size);
});

it('never gets smaller with more data', () => {
  const sizes = [1, 2, 4, 8, 16, 32].map((times) =>
    Number.parseInt(recommendedSize({ bytes: times * GIB, allocatedBytes: 0, entries: times * 10_000 }), 10),
  );
  expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
  expect(sizes.every((size, index) => size >= 2 * 2 ** index)).toBe(true);
});

it.each([
  ['twice the room', { bytes: 2 * GIB, allocatedBytes: 2 * GIB, entries: 1000 }, 5 * GIB, undefined],
  [
    'too little room',
    { bytes: 4.8 * GIB, allocatedBytes: 4.8 * GIB, entries: 1000 },
    5 * GIB,
    '4.8 GiB in 1000 entries find no room on a LUN of 5 GiB',
  ],
  [
    'too few inodes',
    { bytes: 0, allocatedBytes: 0, entries: 70_000 },
    GIB,
    '70000 entries need more inodes than the 65536 of 1 GiB',
  ],
])('mentions %s', (_, usage, bytes, lack) => {
  expect(spaceShortfall(usage, bytes)).toBe(lack);
});

it('recommends a size that the data fits on', () => {
  for (const bytes of [0, GIB, 100 * GIB]) {
    for (const entries of [0, 1e5, 1e7]) {
      const usage = { bytes, allocatedBytes: bytes, entries };
      expect(spaceShortfall(usage, Number.parseInt(recommendedSize(usage), 10) * GIB)).toBeUndefined();
    }
  }
});
