import type { Unit } from './units';

/** Number of slots on the dial. The hand advances by one slot an hour. */
export const SLOTS = 9;

/** Slots that are due in one run. Runs are about three hours apart, so three runs in a row cover all nine. */
export const DUE_SLOTS = 3;

const HOUR_MILLISECONDS = 3_600_000;

/** Units on a dial with slots of similar length: the longest unit first, always into the shortest slot. */
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

/** Which units are due. */
export interface Turn {
  readonly due: readonly Unit[];
  /** The other units, those that were due last first: if the previous run came early, it did not run these. */
  readonly others: readonly Unit[];
}

/**
 * The units that are due at a time. A run knows nothing about the previous one, so the clock decides. In each round
 * another of the due slots comes first, so that it is not always the same one that is left out when not all fit.
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

// Not localeCompare: the order must be the same on every machine.
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
