import { expect, it, vi } from 'vitest';
import { ConflictError } from '../../lib/kubernetes/cluster-client';
import { retryOnConflict } from '../../lib/kubernetes/retry-on-conflict';

const conflicts = (times: number) =>
  vi.fn(async (tries: number) => {
    if (tries <= times) throw new ConflictError('changed');
    return tries;
  });

it.each([0, 1, 9])('work is repeated after a conflict: %i of them', async (times) => {
  expect(await retryOnConflict(conflicts(times))).toBe(times + 1);
});

it('work is not repeated forever', async () => {
  const work = conflicts(1e9);
  await expect(retryOnConflict(work)).rejects.toThrow(ConflictError);
  expect(work).toHaveBeenCalledTimes(10);
});

it('work is not repeated after any other error', async () => {
  const work = vi.fn(() => Promise.reject(new Error('off')));
  await expect(retryOnConflict(work)).rejects.toThrow('off');
  expect(work).toHaveBeenCalledTimes(1);
});
