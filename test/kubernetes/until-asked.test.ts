import { describe, expect, it, vi } from 'vitest';
import { UnanswerableError, UnreachableError, UserError } from '../../lib/core/problems';
import { untilAsked } from '../../lib/kubernetes/until-asked';
import { useFastClock } from '../migration/clock';

useFastClock();

const failing = (times: number, error: Error = new UnreachableError('off')) => {
  let left = times;
  return vi.fn(async () => {
    if (left-- > 0) throw error;
    return 'answer';
  });
};

describe('a request', () => {
  it.each([0, 1, 20])('is repeated until there is an answer: after %i failures', async (times) => {
    const ask = failing(times);
    expect(await untilAsked(ask)).toBe('answer');
    expect(ask).toHaveBeenCalledTimes(times + 1);
  });

  it('fails with the reason after the deadline, after at least one try', async () => {
    await expect(untilAsked(failing(1e9))).rejects.toThrow(UnreachableError);
    const ask = failing(1e9);
    await expect(untilAsked(ask, { patienceSeconds: 0 })).rejects.toThrow(UnreachableError);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is soon given up if the answer will stay the same, but not at once: an API server that starts permits nothing yet', async () => {
    const denied = new UnanswerableError('no permission');
    expect(await untilAsked(failing(5, denied))).toBe('answer');
    const ask = failing(1e9, denied);
    await expect(untilAsked(ask)).rejects.toThrow(denied);
    expect(ask.mock.calls.length).toBeLessThan(25);
    const off = failing(40);
    const mixed = vi.fn(async () => {
      if (mixed.mock.calls.length === 30) throw denied;
      return off();
    });
    expect(await untilAsked(mixed)).toBe('answer');
  });

  it('is not repeated after a refusal or any other error', async () => {
    const ask = failing(1, new UserError('no'));
    await expect(untilAsked(ask)).rejects.toThrow(new UserError('no'));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('ends at once if the work is aborted', async () => {
    const controller = new AbortController();
    const ask = failing(1e9);
    ask.mockImplementation(async () => {
      if (ask.mock.calls.length === 3) controller.abort(new UserError('another process has the lease'));
      throw new UnreachableError('off');
    });
    await expect(untilAsked(ask, controller)).rejects.toThrow('another process has the lease');
    expect(ask).toHaveBeenCalledTimes(3);
  });
});
