import path from 'node:path';
import { expect, test } from 'vitest';
import { ImportGraph } from '../../../tools/ci/import-graph';
import { REHEARSE_MINUTES } from '../../../tools/ci/minutes';
import { type Ordered, orderOf } from '../../../tools/ci/order';
import { reachedBy } from '../../../tools/ci/reach';
import { sourceFiles } from '../../../tools/ci/source-files';
import { dial, turnAt } from '../../../tools/ci/turn';
import { labUnits, type Unit } from '../../../tools/ci/units';

const HOUR = 3_600_000;
const units = labUnits(path.join(__dirname, '../../..'));
const names = (some: readonly Unit[]) => some.map(({ name }) => name).sort();
/** A round of hours and more, at a minute that is not the first. */
const hours = Array.from({ length: 40 }, (_, index) => (490_000 + index) * HOUR + 0.7 * HOUR);

test('each unit is in one slot, and slots have similar lengths', () => {
  const slots = dial(units);
  expect(names(slots.flat())).toEqual(names(units));
  const minutes = slots.map((slot) => slot.reduce((sum, unit) => sum + unit.minutes, 0));
  const longest = Math.max(...units.map((unit) => unit.minutes));
  expect(Math.max(...minutes) - Math.min(...minutes)).toBeLessThanOrEqual(longest / 4);
});

test('at any time each unit is due or one of the others', () => {
  for (const now of hours) {
    const { due, others } = turnAt(now, units);
    expect(names([...due, ...others])).toEqual(names(units));
  }
});

test('each unit is due once in three runs that are three hours apart', () => {
  for (const now of hours) {
    const due = [0, 3, 6].flatMap((later) => turnAt(now + later * HOUR, units).due);
    expect(names(due)).toEqual(names(units));
  }
});

test('if one run comes an hour early or late, each unit is due in one of five runs', () => {
  for (const now of hours) {
    for (const jitter of [-1, 1]) {
      const due = [0, 3 + jitter, 6, 9, 12].flatMap((later) => turnAt(now + later * HOUR, units).due);
      expect(new Set(names(due))).toEqual(new Set(names(units)));
    }
  }
});

test('units that a late run skipped come first among the others', () => {
  for (const now of hours) {
    const [before, late] = [now, now + 4 * HOUR].map((one) => turnAt(one, units));
    const missed = turnAt(now + 3 * HOUR, units).due.filter((unit) => !late?.due.includes(unit));
    expect(before?.due).not.toEqual(expect.arrayContaining(missed));
    expect(names(late?.others.slice(0, missed.length) ?? [])).toEqual(names(missed));
  }
});

test('if only the first due slot fits, every unit comes first within three rounds', () => {
  for (const start of hours.slice(0, 3)) {
    const firsts = Array.from({ length: 9 }, (_, index) => {
      const { due } = turnAt(start + index * 3 * HOUR, units);
      return dial(units).find((slot) => due[0] && slot.includes(due[0])) ?? [];
    });
    expect(new Set(names(firsts.flat()))).toEqual(new Set(names(units)));
  }
});

/** What two lanes run of it until a time limit, as a run does: a unit that does not fit is left out. */
function runInLanes(ordered: readonly Ordered[], limit: number): Unit[] {
  const lanes = [REHEARSE_MINUTES, 0];
  return ordered.flatMap(({ unit }) => {
    const lane = lanes.indexOf(Math.min(...lanes));
    const end = (lanes[lane] ?? 0) + unit.minutes;
    if (end > limit) return [];
    lanes[lane] = end;
    return [unit];
  });
}

// A cold run has 77 minutes for what is optional, of which the engine takes 25, the machines 6, and what is always run 4. What it leaves
// out counts as skipped.
test('in two lanes of 42 minutes, as in a cold run, all that is due runs, except for 15 minutes of it', () => {
  const limit = 42;
  for (const now of hours.slice(0, 9)) {
    const turn = turnAt(now, units);
    const ran = runInLanes(orderOf(turn, new Map(), 2 * limit - REHEARSE_MINUTES), limit);
    const left = turn.due.filter((unit) => !ran.includes(unit));
    expect(
      left.reduce((sum, { minutes }) => sum + minutes, 0),
      names(left).join(),
    ).toBeLessThanOrEqual(15);
  }
});

const root = path.join(__dirname, '../../..');
const graph = new ImportGraph(root);
const scripts = sourceFiles(root, 'lib').filter((file) => /(copy|wipe-lun|hashes|source-users)\.sh$/.test(file));

// Where this fails after a new row in tools/ci/minutes.ts, tests on machines no longer fit into three runs: a cheaper level must take
// over what it can show, or files that begin alike share their lab.
const changes: readonly (readonly [title: string, files: readonly string[]])[] = [
  ['nothing', []],
  ['everything', ['package.json']],
  ['all that a command does', sourceFiles(root, 'lib/cli')],
  ...scripts.map((file) => [`what ${path.basename(file)} does`, [file]] as const),
];
test.each(changes)(
  'in two lanes of 52 minutes every unit runs in one of three runs, if changes affect %s',
  (_, files) => {
    const limit = 52;
    const capacity = 2 * limit - REHEARSE_MINUTES;
    const reached = reachedBy({ files, base: '' }, units, graph);
    for (const now of hours.slice(0, 9)) {
      const ran = [0, 3, 6].flatMap((later) =>
        runInLanes(orderOf(turnAt(now + later * HOUR, units), reached, capacity), limit),
      );
      expect(new Set(names(ran))).toEqual(new Set(names(units)));
    }
  },
);
