import { expect, it } from 'vitest';
import { readableTime } from '../../lib/core/duration';

it.each([
  [0, 'less than a minute'],
  [59, 'less than a minute'],
  [60, 'about 1 min'],
  [61, 'about 2 min'],
  [7140, 'about 119 min'],
  [7200, 'about 2 h'],
  [86_400, 'about 24 h'],
])('%s s is printed as %s', (seconds, text) => {
  expect(readableTime(seconds)).toBe(text);
});
