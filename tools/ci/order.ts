import type { Turn } from './turn';
import type { Unit } from './units';

/** A unit, and the reason for its place in the order. */
export interface Ordered {
  readonly unit: Unit;
  readonly why: string;
  /** Whether it is expected to fit into the run. A unit that is not still starts if time is left. */
  readonly fits: boolean;
}

/** A change is small if the reached units that are not due take no more than this share of the time. */
const SMALL_SHARE = 1 / 3;

/**
 * The order in which units run: first what the change reaches, then what is due by the clock, then the others.
 *
 * Everything that a small change reaches goes first, even if then not all due units fit. What a larger change reaches
 * does not fit together with the due units: only as much of it runs as leaves room for all due units. Otherwise a
 * series of such changes would keep out what they do not reach, while everything that they reach runs within three runs
 * anyway.
 *
 * @param capacity minutes that all lanes have together
 * @param reached units with what reaches them
 */
export function orderOf(turn: Turn, reached: ReadonlyMap<Unit, string>, capacity: number): Ordered[] {
  const isReached = (unit: Unit) => reached.has(unit);
  const isDue = (unit: Unit) => turn.due.includes(unit);
  const notDue = ownFirst(turn.others.filter(isReached), reached);
  const isSmall = minutesOf(notDue) <= capacity * SMALL_SHARE;
  const early = isSmall ? notDue : [];
  const first = [...turn.due.filter(isReached), ...early];
  const due = turn.due.filter((unit) => !isReached(unit));
  const others = [...(isSmall ? [] : notDue), ...turn.others.filter((unit) => !isReached(unit))];
  const { chosen, left } = fill([...first, ...due, ...others], capacity);

  const why = (unit: Unit) =>
    [isReached(unit) ? `reached by the change (${reached.get(unit)})` : '', isDue(unit) ? 'its turn' : '']
      .filter(Boolean)
      .join(', ') || 'neither reached nor its turn';
  const ordered = (units: readonly Unit[], fits: boolean) => units.map((unit) => ({ unit, why: why(unit), fits }));
  // Long units go first within each part, so that the lanes end at the same time and what fits in total really fits.
  const parts = isSmall ? [first, due] : [[...first, ...due]];
  const fitting = parts.flatMap((part) => longestFirst(part.filter((unit) => chosen.includes(unit))));
  const filling = chosen.filter((unit) => !fitting.includes(unit));
  return [...ordered([...fitting, ...filling], true), ...ordered(left, false)];
}

function longestFirst(units: readonly Unit[]): Unit[] {
  return [...units].sort((one, other) => other.minutes - one.minutes);
}

function minutesOf(units: readonly Unit[]): number {
  return units.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** Takes units in their order as long as there is room; a shorter unit may fit where a longer one does not. */
function fill(units: readonly Unit[], room: number): { chosen: Unit[]; left: Unit[] } {
  const chosen: Unit[] = [];
  const left: Unit[] = [];
  let minutes = room;
  for (const unit of units) {
    if (unit.minutes > minutes) {
      left.push(unit);
      continue;
    }
    chosen.push(unit);
    minutes -= unit.minutes;
  }
  return { chosen, left };
}

/** Units whose own test files have changed, then the others. */
function ownFirst(units: readonly Unit[], reached: ReadonlyMap<Unit, string>): Unit[] {
  const isOwn = (unit: Unit) => unit.files.includes(reached.get(unit) ?? '');
  return [...units.filter(isOwn), ...units.filter((unit) => !isOwn(unit))];
}
