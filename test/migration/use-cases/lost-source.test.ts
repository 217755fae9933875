import { describe, expect, it } from 'vitest';
import { PlanRefused } from '../../../lib/migration/use-cases/execute';
import type { DataVolume } from '../../../lib/storage/registry';
import { image } from '../../helpers';
import { useFastClock } from '../clock';
import { DATABASE } from '../world/storage';
import { World, yes } from '../world/world';
import { begin, changesNothing, pairs } from './cases';

useFastClock();

const props = { image, databases: [{ path: DATABASE, engine: 'sqlite' as const }] };

/** What a NAS exports once the pool of a folder is not mounted. */
function unmount(world: World, source: DataVolume): void {
  world.place(source).files = {};
}

const refusals = async (world: World) =>
  (await world.migrator.plan('app')).flatMap(({ planned }) => planned.refusals ?? []);

describe.each(pairs)('a source that is suddenly empty, in a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;
  const migrate = (world: World) => world.migrator.migrate('app', { approve: yes });

  it('is refused by the plan, which names the database that it expected', async () => {
    const world = World.running(pair, props);
    unmount(world, source);
    expect(await refusals(world)).toContainEqual(
      expect.objectContaining({
        code: 'database-missing',
        found: `holds 0 files of 0 B and no database at ${DATABASE}, where the app has it`,
      }),
    );
    await changesNothing(world, () => migrate(world), PlanRefused);
  });

  it('is refused by the plan if the app has no known database', async () => {
    const world = World.running(pair);
    unmount(world, source);
    await changesNothing(world, () => migrate(world), PlanRefused);
  });

  it('is refused before the stop once a copy is there', async () => {
    const world = World.running(pair, { image, databases: [] });
    await world.migrator.prepare('app', { approve: yes });
    world.place(source).files = { 'of-something-else': '' };
    await expect(migrate(begin(world))).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.told).toEqual(['step']);
    expect(Object.keys(world.place(target).files)).toContain(DATABASE);
  });

  it('is refused by the final copy, which deletes nothing; the app runs on its source again', async () => {
    const world = World.running(pair, props);
    await world.migrator.prepare('app', { approve: yes });
    const copied = world.place(target).files;
    begin(world);
    world.onEvent = ({ type }) => {
      if (type === 'stopped') unmount(world, source);
    };
    await expect(migrate(world)).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.place(target).files).toEqual(copied);
    expect(world.place(target).marker).toMatchObject({ state: 'building' });
    expect(world.states(target).at(-1)).toBe('prepared');
    expect(world.journal.cutover).toBeUndefined();
  });

  it('does not prevent abort, whatever was copied', async () => {
    const world = World.running(pair, props);
    await world.migrator.prepare('app', { approve: yes });
    unmount(world, source);
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
    expect(world.states(target).at(-1)).toBe('abandoned');
  });
});

it('does not prevent moving a new, small app that has its database', async () => {
  const [, , pair] = pairs[0] as (typeof pairs)[number];
  const world = World.running(pair, props);
  world.place(pair[0]).files = { [DATABASE]: '' };
  expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ result: 'moved' });
});
