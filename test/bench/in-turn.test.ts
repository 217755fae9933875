import { expect, it } from 'vitest';
import { inTurn } from '../../bench/lab/in-turn';

it('measures A B B A, one at a time', async () => {
  const order: string[] = [];
  const measure = (name: string) => async () => {
    order.push(name);
    const begun = order.length;
    await Promise.resolve();
    expect(order).toHaveLength(begun);
    return begun;
  };
  expect(await inTurn({ a: measure('a'), b: measure('b') }, 3)).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
  expect(order.join('')).toBe('abbaab');
});

it('fails with the error of the measurement', async () => {
  const broken = () => Promise.reject(new Error('the link is cut'));
  await expect(inTurn({ broken }, 2)).rejects.toThrow('the link is cut');
});
