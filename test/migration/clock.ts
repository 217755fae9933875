import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Every look at the clock takes a second, so that what is waited for in vain ends.
 *
 * @returns `jump`: so many seconds pass at once, as while a laptop sleeps
 */
export function useFastClock(): { readonly jump: (seconds: number) => void } {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
  });
  afterEach(() => {
    vi.mocked(Date.now).mockRestore();
  });
  return {
    jump: (seconds) => {
      now += seconds * 1000;
    },
  };
}
