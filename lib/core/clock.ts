import { setTimeout } from 'node:timers/promises';

/**
 * The time, and waits, go through this object, so that a test lets an hour pass at once. Nothing else in `lib` asks for
 * either.
 */
export const clock = {
  /** Milliseconds since the epoch, for what is recorded or compared across machines. It can jump either way. */
  now: (): number => Date.now(),

  /**
   * Milliseconds since some time in the past, for measuring a duration. It never goes back; while the machine sleeps it
   * may stand still.
   */
  monotonic: (): number => performance.now(),

  /**
   * @param milliseconds to wait
   * @param signal ends the wait
   * @throws the reason of the signal
   */
  sleep: async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    try {
      await setTimeout(milliseconds, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
