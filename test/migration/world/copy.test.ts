import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { killedAfter, moved, pairs, prepared } from '../use-cases/cases';
import { type World, yes } from './world';

useFastClock();

const all = (world: World) => [
  world.snapshot,
  world.runsOn,
  world.kubelet.pods(),
  world.storage.violations,
  world.storage.acknowledged.map(({ place, row }) => [place.name, row]),
];

describe.each(pairs)('a copy of a world with a volume on %s and one on %s', (_from, _to, pair) => {
  it.each([
    ['prepared', prepared],
    ['moved', moved],
  ] as const)('has all that it has, once the app is %s', async (_how, newWorld) => {
    const world = await newWorld(pair);
    expect(all(world.copy())).toEqual(all(world));
  });

  it('goes on without the other one, and the other one without it', async () => {
    const world = await prepared(pair);
    const [before, copy] = [all(world), world.copy()];
    await copy.migrator.migrate('app', { approve: yes });
    expect(copy.runsOn).toEqual(['config-2']);
    expect(all(world)).toEqual(before);
    const after = all(copy);
    await world.migrator.migrate('app', { approve: yes });
    world.storage.violations.push('of the other one');
    expect(all(copy)).toEqual(after);
  });

  it('has the units that a killed process left, and its lease', async () => {
    const world = await killedAfter(
      (change) => change.startsWith('final-copy on '),
      await prepared(pair),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
    );
    const copy = world.copy();
    expect(all(copy)).toEqual(all(world));

    expect(copy.nodes.some(({ units }) => units.size > 0)).toBe(true);
    await copy.migrator.migrate('app', { approve: yes });
    expect(copy.runsOn).toEqual(['config-2']);
    expect(world.runsOn).toEqual([]);
  });
});
