import { beforeEach, vi } from 'vitest';

/** Every look at the clock takes a second, so that what is waited for in vain ends. */
export function useFastClock(): void {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
  });
}
