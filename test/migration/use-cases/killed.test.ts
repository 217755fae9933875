import { describe, expect, it } from 'vitest';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, moved, type Pair, pairs, prepared, toLuns } from './cases';

useFastClock();

/** How everything stands, without times, and without how often the app was started. */
function standing(world: World, volumes: readonly DataVolume[]) {
  const { live, before, retired, cutover } = world.journal;
  return {
    runsOn: world.runsOn,
    lock: world.lock,
    journal: { live, before, retired, cutover },
    entries: volumes.map((volume) =>
      (world.journal.volumes[volume.name] ?? []).map(({ attempt, state, uuid, target }) => [
        attempt,
        state,
        uuid,
        target,
      ]),
    ),
    places: volumes.map((volume) => {
      const { marker, fileSystem, capacity, files } = world.place(volume);
      return { marker: { ...marker, manifest: undefined }, fileSystem, capacity, paths: Object.keys(files) };
    }),
    objects: volumes.map(({ name }) => [
      world.cluster.find('PersistentVolume', name) !== undefined,
      world.cluster.find('PersistentVolumeClaim', name, 'media') !== undefined,
    ]),
    units: world.nodes.flatMap(({ units }) => [...units.keys()]),
  };
}

/** Runs a use case that is killed after each of its changes, and then runs it again. */
async function killedAnywhere(
  volumes: readonly DataVolume[],
  newWorld: () => Promise<World>,
  run: (world: World) => Promise<unknown>,
): Promise<void> {
  const undisturbed = await newWorld();
  await run(undisturbed);
  const expected = standing(undisturbed, volumes);
  expect(undisturbed.changes.length).toBeGreaterThan(0);
  for (const [index, change] of undisturbed.changes.entries()) {
    const world = await newWorld();
    world.process.killIn(index + 1);
    await run(world).catch(() => {});
    world.process.revive();
    await run(world);
    expect(standing(world, volumes), `killed after ${index + 1}: ${change}`).toEqual(expected);
  }
}

const abandoned = async (pair: Pair) => {
  const world = await prepared(pair);
  await world.migrator.abort('app', { approve: yes });
  return begin(world);
};

/** Unless it is done: another rollback would undo it. */
const goBack = async (world: World) => {
  const { live, cutover } = world.journal;
  if (cutover || live?.['/config'] === 'config-2') await world.migrator.rollback('app', { approve: yes });
};

describe.each(pairs)(
  'of a move from %s to %s, a process that is killed after any change, and run again, ends as one that was not',
  (_from, _to, pair) => {
    it.each<[string, () => Promise<World>, (world: World) => Promise<unknown>]>([
      ['prepare', async () => begin(World.running(pair)), ({ migrator }) => migrator.prepare('app', { approve: yes })],
      ['migrate', () => prepared(pair), ({ migrator }) => migrator.migrate('app', { approve: yes })],
      ['abort', () => prepared(pair), ({ migrator }) => migrator.abort('app', { approve: yes })],
      ['rollback', () => moved(pair), goBack],
      ['retire', () => moved(pair), ({ migrator }) => migrator.retire('app', { approve: yes })],
    ])('%s', (_, newWorld, run) => killedAnywhere(pair, newWorld, run));
  },
);

describe.each(toLuns)(
  'of a LUN that a move from %s to %s has filled, a process that is killed after any change, and run again, ends as one that was not',
  (_from, _to, pair) => {
    it('wipe', () =>
      killedAnywhere(
        pair,
        () => abandoned(pair),
        ({ migrator }) => migrator.wipe('app', { approve: yes }),
      ));

    it('resize', () =>
      killedAnywhere(
        pair,
        async () => {
          const world = await moved(pair);
          world.place(pair[1]).bytes *= 2;
          return world;
        },
        ({ migrator }) => migrator.resize('app', '2Gi'),
      ));
  },
);

describe('of a first volume, a process that is killed after any change, and run again, ends as one that was not', () => {
  const volume = lun('config');
  const worldWith = async (fill: (world: World) => void) => {
    const world = new World([volume]);
    fill(world);
    return world;
  };

  it('format', () =>
    killedAnywhere(
      [volume],
      () => worldWith(({ storage }) => void storage.add(volume)),
      ({ migrator }) => migrator.format('app', { approve: yes }),
    ));

  it('seal', () =>
    killedAnywhere(
      [volume],
      () => worldWith(({ storage }) => void storage.addFilled(volume, { 'library.db': 'row of before\n' })),
      ({ migrator }) => migrator.seal('app', { approve: yes }),
    ));
});
