import { setTimeout } from 'node:timers/promises';

/** Waits go through this object, so that a test replaces one method and lets an hour pass at once. */
export const clock = {
  /** @param milliseconds to wait */
  sleep: async (milliseconds: number): Promise<void> => {
    await setTimeout(milliseconds);
  },
};
