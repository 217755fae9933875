import { describe, expect, it, vi } from 'vitest';
import { clock } from '../../lib/core/clock';
import { pollUntil } from '../../lib/core/poll-until';
import { UnreachableError, UserError } from '../../lib/core/problems';
import { useFastClock } from '../migration/clock';

useFastClock();

/** What is seen at each look: a value, or an error that is thrown. The last one is seen for ever. */
const seeing = (...seen: (string | Error)[]) => {
  let looks = 0;
  return vi.fn(async (_seconds: number) => {
    const now = seen[Math.min(looks++, seen.length - 1)];
    if (now instanceof Error) throw now;
    return now as string;
  });
};
const isThere = (seen: string) => seen === 'there';
const off = new UnreachableError('off');
const minutes = async () => clock.monotonic() / 60_000;

describe('a wait', () => {
  it('returns what it waits for', async () => {
    const look = seeing('a', 'b', 'there');
    expect(await pollUntil(look, isThere)).toBe('there');
    expect(look).toHaveBeenCalledTimes(3);
  });

  it('returns the last result when its time is over', async () => {
    const look = seeing('a', 'b');
    expect(await pollUntil(look, isThere, { seconds: 60 })).toBe('b');
    expect(look.mock.calls.length).toBeGreaterThan(50);
    expect(await minutes()).toBeCloseTo(1, 0);
  });

  it('checks once if there is no time', async () => {
    for (const look of [seeing('a'), seeing('there')]) {
      await pollUntil(look, isThere, { seconds: 0 });
      expect(look).toHaveBeenCalledTimes(1);
    }
  });

  it('checks at the given interval', async () => {
    const sleep = vi.mocked(clock.sleep);
    await pollUntil(seeing('a', 'there'), isThere, { everySeconds: 0.25 });
    expect(sleep.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([250]);
  });

  it('takes a plain value as well', async () => {
    let looks = 0;
    expect(
      await pollUntil(
        () => ++looks,
        (seen) => seen > 2,
      ),
    ).toBe(3);
  });

  it('ends at once with any other error', async () => {
    const look = seeing(new UserError('no'), 'there');
    await expect(pollUntil(look, isThere)).rejects.toThrow(new UserError('no'));
    expect(look).toHaveBeenCalledTimes(1);
  });
});

describe('while nothing answers, a wait', () => {
  it('continues, and does not count that time', async () => {
    const look = seeing('a', ...Array.from({ length: 50 }, () => off), 'a', 'a', 'there');
    expect(await pollUntil(look, isThere, { seconds: 60 })).toBe('there');
    expect(
      await pollUntil(seeing(...Array.from({ length: 50 }, () => off), 'a', 'a', 'there'), isThere, { seconds: 55 }),
    ).toBe('there');
    const counted = look.mock.calls.map(([seconds]) => Math.round(seconds));
    expect(counted.at(-1)).toBeLessThan(5);
  });

  it.each([
    ['its own time', { seconds: 60 }, 1],
    ['two minutes where it has no end', {}, 2],
    ['a time of its own', { seconds: 600, patienceSeconds: 180 }, 3],
  ])('ends with the reason after %s', async (_, polling, expected) => {
    await expect(pollUntil(seeing(off), isThere, polling)).rejects.toBe(off);
    expect(await minutes()).toBeCloseTo(expected, 0);
  });

  it('counts each outage separately', async () => {
    const outage = Array.from({ length: 100 }, () => off);
    const look = seeing(...outage, 'a', ...outage, 'there');
    expect(await pollUntil(look, isThere)).toBe('there');
  });

  it('ends even if every other check fails, and each failure takes half a minute', async () => {
    let looks = 0;
    const look = async () => {
      if (looks++ % 2 === 0) return 'a';
      await clock.sleep(30_000);
      throw off;
    };
    expect(await pollUntil(look, isThere, { seconds: 300 })).toBe('a');
    expect(await minutes()).toBeLessThan(11);
  });

  it('treats other errors the same if told to', async () => {
    const error = new UserError('the login failed');
    const isMiss = (thrown: unknown) => thrown === error;
    expect(await pollUntil(seeing(error, 'there'), isThere, { isMiss })).toBe('there');
    await expect(pollUntil(seeing(off), isThere, { isMiss })).rejects.toBe(off);
  });
});

describe('a signal', () => {
  it('ends a wait with its reason, before the first check', async () => {
    const look = seeing('there');
    const reason = new UserError('it was interrupted');
    await expect(pollUntil(look, isThere, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(look).not.toHaveBeenCalled();
  });

  it('ends it between two checks', async () => {
    vi.mocked(clock.sleep).mockRestore();
    const controller = new AbortController();
    const reason = new UserError('it was interrupted');
    const look = seeing('a');
    const wait = pollUntil(look, isThere, { everySeconds: 3600, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 10);
    await expect(wait).rejects.toBe(reason);
    expect(look).toHaveBeenCalledTimes(1);
  });
});
