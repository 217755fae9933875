import { afterEach, beforeEach, vi } from 'vitest';
import { clock } from '../../lib/core/clock';

/**
 * No wait takes any time, and the clock shows that it did. Work takes a millisecond for each look at the clock.
 *
 * @returns `jump`: so many seconds pass at once by the clock, as while a laptop sleeps; the time for durations stands
 *   still, as Linux has it
 */
export function useFastClock(): { readonly jump: (seconds: number) => void } {
  let passed = 0;
  let slept = 0;
  const spies: { mockRestore(): void }[] = [];
  const look = () => {
    passed += 1;
    return passed;
  };
  beforeEach(() => {
    passed = 0;
    slept = 0;
    spies.push(
      vi.spyOn(clock, 'sleep').mockImplementation(async (milliseconds, signal) => {
        signal?.throwIfAborted();
        passed += milliseconds;
      }),
      vi.spyOn(clock, 'now').mockImplementation(() => look() + slept),
      vi.spyOn(clock, 'monotonic').mockImplementation(look),
    );
  });
  afterEach(() => {
    for (const spy of spies.splice(0)) spy.mockRestore();
  });
  return {
    jump: (seconds) => {
      slept += seconds * 1000;
    },
  };
}
