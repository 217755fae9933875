import { expect, it } from 'vitest';
import { expectedLines } from '../../../lib/storage/iscsi/expected-time';

const MIB = 1024 ** 2;

it.each([
  [
    'a fast server',
    { bytes: 32 * MIB, milliseconds: 320 },
    'it was read at 100 MiB/s: expect about 11 min for reading the LUN, and about 7 min',
  ],
  [
    'a slow one',
    { bytes: 32 * MIB, milliseconds: 6400 },
    'it was read at 5 MiB/s: expect about 4 h for reading the LUN, and about 2 h at least',
  ],
])('of a move from %s', (_, sample, text) => {
  expect(expectedLines({ sample, bytes: 10 * 1024 * MIB }, 64 * 1024 * MIB).join()).toContain(text);
});

it('is not shown without a measurement', () => {
  expect(expectedLines({ sample: { bytes: 0, milliseconds: 0 }, bytes: 100 }, 64 * MIB)).toEqual([]);
});
