import { changedFiles } from './changes';
import { ImportGraph } from './import-graph';
import { type Ordered, orderOf } from './order';
import { reachedBy } from './reach';
import { turnAt } from './turn';
import { labUnits, type Unit } from './units';

/** The lab's tests for one run, in their order. */
export interface Selection {
  readonly ordered: readonly Ordered[];
  /** What the change is compared with and how much it reaches, for the output. */
  readonly summary: string;
}

/**
 * Selects the tests of the lab and their order. If what the change reaches is not known, everything counts as reached
 * and only the clock decides: a run must not fail because of its own bookkeeping.
 *
 * @param now milliseconds since 1970, when the run began
 * @param capacity minutes that all lanes have together
 */
export function selectTests(root: string, now: number, capacity: number): Selection {
  const units = labUnits(root);
  const { reached, summary } = reach(root, now, units);
  return { ordered: orderOf(turnAt(now, units), reached, capacity), summary };
}

function reach(root: string, now: number, units: readonly Unit[]) {
  try {
    const changes = changedFiles(root, now);
    const reached = reachedBy(changes, units, new ImportGraph(root));
    const count = changes.files ? `${changes.files.length} files changed since ` : '';
    return { reached, summary: `${count}${changes.base}: ${reached.size} of ${units.length} units are reached` };
  } catch (error) {
    const reason = `what the change reaches is not known: ${(error as Error).message}`;
    return { reached: new Map(units.map((unit) => [unit, reason])), summary: reason };
  }
}
