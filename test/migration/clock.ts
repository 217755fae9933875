import { afterEach, beforeEach, vi } from 'vitest';
import { clock } from '../../lib/core/clock';

/**
 * Every look at the clock takes a second and no wait takes any time, so that a wait in vain ends at once.
 *
 * @returns `jump`: so many seconds pass at once, as while a laptop sleeps
 */
export function useFastClock(): { readonly jump: (seconds: number) => void } {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(clock, 'sleep').mockResolvedValue();
    vi.spyOn(Date, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
  });
  afterEach(() => {
    vi.mocked(Date.now).mockRestore();
    vi.mocked(clock.sleep).mockRestore();
  });
  return {
    jump: (seconds) => {
      now += seconds * 1000;
    },
  };
}
