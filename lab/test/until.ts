import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition is met. @throws Error with the last value found, after the time limit */
export async function until<T>(
  what: string | (() => string),
  seconds: number,
  look: () => T | Promise<T>,
  isMet: (found: T) => boolean = Boolean,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (isMet(found)) return found;
    if (Date.now() > deadline) {
      const subject = typeof what === 'string' ? what : what();
      throw new Error(`after ${seconds} s still not: ${subject}; it is ${JSON.stringify(found)}`);
    }
    await sleep(20);
  }
}
