import { expect, it } from 'vitest';
import { storageSize } from '../../lib/spec/quantity';

it.each(['1', '10Gi', '0.5Ti', '1e3', '2E3', '1E', '100M', '5k'])('takes %s', (size) =>
  expect(storageSize.safeParse(size).success).toBe(true),
);

it.each(['', '0', '0Gi', '0.0Gi', '-1Gi', '10gb', '10 Gi', '10GiB', '10K', '1m', 'Gi', '1e', 10])(
  'refuses %j',
  (size) => expect(storageSize.safeParse(size).success).toBe(false),
);
