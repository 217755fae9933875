import type { Unit } from './units';

/** Slots of the dial. The hand goes on by one slot an hour. */
export const SLOTS = 9;

/** Slots that are due in one run. Runs are about three hours apart, so three runs in a row take all nine. */
export const DUE_SLOTS = 3;

const HOUR_MILLISECONDS = 3_600_000;

/** Units on a dial with slots of similar length: the longest unit first, always into the slot that has least. */
export function dial(units: readonly Unit[]): Unit[][] {
  const slots = Array.from({ length: SLOTS }, () => ({ minutes: 0, units: [] as Unit[] }));
  const longestFirst = [...units].sort((one, other) => other.minutes - one.minutes || compare(one.name, other.name));
  for (const unit of longestFirst) {
    const least = slots.reduce((best, slot) => (slot.minutes < best.minutes ? slot : best));
    least.units.push(unit);
    least.minutes += unit.minutes;
  }
  return slots.map((slot) => slot.units);
}

/** Whose turn it is. */
export interface Turn {
  readonly due: readonly Unit[];
  /** The others, first those whose turn was last: where the run before came early, it has not had these. */
  readonly others: readonly Unit[];
}

/**
 * Whose turn it is at a time: a run knows nothing of the one before, so the clock decides. Of what is due, another slot comes first
 * in each round, so that where not all of it fits it is not always the same that is left out.
 *
 * @param now milliseconds since 1970
 */
export function turnAt(now: number, units: readonly Unit[]): Turn {
  const slots = dial(units);
  const hour = Math.floor(now / HOUR_MILLISECONDS);
  const round = Math.floor(hour / SLOTS);
  const slot = (offset: number) => slots[(hour + offset) % SLOTS] ?? [];
  const steps = (count: number) => Array.from({ length: count }, (_, index) => index);
  return {
    due: steps(DUE_SLOTS).flatMap((step) => slot((step + round) % DUE_SLOTS)),
    others: steps(SLOTS - DUE_SLOTS).flatMap((step) => slot(SLOTS - 1 - step)),
  };
}

// Not localeCompare: the order must be the same wherever this runs.
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
