import { expect, it } from 'vitest';
import { bytesOf, readableBytes, storageSize } from '../../lib/core/quantity';

it.each(['1', '10Gi', '0.5Ti', '1e3', '2E3', '1E', '100M', '5k'])('takes %s', (size) =>
  expect(storageSize.safeParse(size).success).toBe(true),
);

it.each(['', '0', '0Gi', '0.0Gi', '-1Gi', '10gb', '10 Gi', '10GiB', '10K', '1m', 'Gi', '1e', 10])(
  'refuses %j',
  (size) => expect(storageSize.safeParse(size).success).toBe(false),
);

it.each([
  ['1', 1],
  ['10Gi', 10 * 1024 ** 3],
  ['0.5Ti', 512 * 1024 ** 3],
  ['1e3', 1000],
  ['2E3', 2000],
  ['1E', 1e18],
  ['100M', 100_000_000],
  ['5k', 5000],
  ['1.0000001k', 1001],
])('%s is %d bytes', (size, bytes) => expect(bytesOf(size)).toBe(bytes));

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [10 * 1024 ** 3, '10 GiB'],
  [5_068_000_000, '4.72 GiB'],
])('%d bytes are read as %s', (bytes, text) => expect(readableBytes(bytes)).toBe(text));
