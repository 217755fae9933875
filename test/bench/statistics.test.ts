import { expect, it } from 'vitest';
import { median, spread } from '../../bench/statistics';

it.each([
  { values: [3], expected: 3 },
  { values: [10, 9, 1], expected: 9 },
  { values: [4, 1, 3, 2], expected: 2.5 },
  { values: [], expected: Number.NaN },
])('the median of $values is $expected', ({ values, expected }) => expect(median(values)).toBe(expected));

it('a spread has minimum, median and maximum', () => expect(spread([3, 1, 2.25], 1)).toBe('1.0 / 2.3 / 3.0'));
