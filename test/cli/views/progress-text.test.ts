import { expect, it } from 'vitest';
import { progressText } from '../../../lib/cli/views/progress-text';
import type { Progress } from '../../../lib/nodes/runner';

const MIB = 1024 ** 2;
const progress: Progress = { step: 'hash', bytes: 40 * MIB, entries: 12, seconds: 4, bytesPerSecond: 10 * MIB };

it.each<[string, Partial<Progress>, string]>([
  ['what is there, where the end is not known', {}, '40 MiB in 12 entries so far, 10 MiB/s'],
  ['the time that is left', { totalBytes: 1000 * MIB }, '40 MiB of 1000 MiB, 12 files, 10 MiB/s, about 2 min left'],
  ['that it is soon over', { totalBytes: 50 * MIB }, '40 MiB of 50 MiB, 12 files, 10 MiB/s, less than a minute left'],
  [
    'no time before anything is done',
    { totalBytes: 50 * MIB, bytes: 0, bytesPerSecond: 0 },
    '0 B of 50 MiB, 12 files, 0 B/s',
  ],
])('shows %s', (_, more, text) => {
  expect(progressText({ ...progress, ...more })).toBe(text);
});
