import { expect, test } from 'vitest';
import { orderOf } from '../../../tools/ci/order';
import type { Unit } from '../../../tools/ci/units';

const unit = (name: string, minutes: number): Unit => ({ name, minutes, files: [`${name}.test.ts`], onMachines: true });
const [a, b, c, d, e, f] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => unit(name, 10 + index)) as [
  Unit,
  Unit,
  Unit,
  Unit,
  Unit,
  Unit,
];
const turn = { due: [a, b], others: [c, d, e, f] };

const order = (reached: readonly Unit[], capacity: number, reason = 'lib/x.ts') =>
  orderOf(turn, new Map(reached.map((one) => [one, reason])), capacity).map(
    ({ unit: { name }, fits }) => `${name}${fits ? '' : '?'}`,
  );

test.each([
  ['what is reached comes first, then what is due, then the others', [d], 99, ['d', 'b', 'a', 'c', 'e', 'f']],
  ['of what is reached, what is due comes before what is not', [b, d], 40, ['d', 'b', 'a', 'c?', 'e?', 'f?']],
  ['what does not fit is begun last, in the order of the turn', [], 24, ['b', 'a', 'c?', 'd?', 'e?', 'f?']],
  ['with everything reached, what is due runs', [a, b, c, d, e, f], 24, ['b', 'a', 'c?', 'd?', 'e?', 'f?']],
  ['much that is reached leaves room for what is due', [c, d, e, f], 34, ['b', 'a', 'c', 'd?', 'e?', 'f?']],
  ['little that is reached runs, even if not all that is due fits then', [f], 45, ['f', 'b', 'a', 'c?', 'd?', 'e?']],
  ['little that is reached runs instead of something that is due', [c], 36, ['c', 'b', 'a', 'd?', 'e?', 'f?']],
  ['the longest of what is due comes first, others in the order of the turn', [], 99, ['b', 'a', 'c', 'd', 'e', 'f']],
  ['with no time, what is due comes first', [d], 0, ['a?', 'b?', 'd?', 'c?', 'e?', 'f?']],
])('%s', (_, reached, capacity, expected) => {
  expect(order(reached, capacity)).toEqual(expected);
});

test('if much is affected, a unit whose test file itself changed gets the remaining time first', () => {
  const reached = new Map([c, d, e, f].map((one) => [one, one === e ? 'e.test.ts' : 'lib/x.ts']));
  const fitting = orderOf(turn, reached, 36).filter(({ fits }) => fits);
  expect(fitting.map(({ unit: { name } }) => name)).toEqual(['b', 'a', 'e']);
});

test('each unit has the reason for its position', () => {
  const ordered = orderOf(turn, new Map([[a, 'lib/x.ts']]), 99);
  expect(ordered.find((one) => one.unit === a)?.why).toBe('reached by the change (lib/x.ts), its turn');
  expect(ordered.find((one) => one.unit === b)?.why).toBe('its turn');
  expect(ordered.find((one) => one.unit === c)?.why).toBe('neither reached nor its turn');
});
