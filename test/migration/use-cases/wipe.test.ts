import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, changesNothing, moved, type Pair, pairs, prepared, toLuns } from './cases';

useFastClock();

const abandoned = async (pair: Pair): Promise<World> => {
  const world = await prepared(pair);
  await world.migrator.abort('app', { approve: yes });
  return begin(world);
};

describe.each(toLuns)('wiping what a move from %s to %s left', (_from, _to, pair) => {
  const [source, target] = pair;

  it('makes the LUN blank, and records that before and after', async () => {
    const world = await abandoned(pair);
    expect(await world.migrator.wipe('app', { approve: yes })).toBe('changed');
    expect(world.place(target)).toMatchObject({ fileSystem: '', files: {}, marker: undefined });
    const journal = 'write ConfigMap lunward-app';
    expect(world.changes).toEqual([journal, 'wipe-lun on node-a', journal]);
    expect(world.states(target).slice(-3)).toEqual(['abandoned', 'wiping', 'wiped']);
    expect(world.runsOn).toEqual(['config']);
    expect(world.rows(source)).toHaveLength(2);
  });

  it('is followed by the next attempt', async () => {
    const world = await abandoned(pair);
    await changesNothing(world, () => world.migrator.migrate('app', { approve: yes }), PlanRefused);
    await world.migrator.wipe('app', { approve: yes });
    expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ result: 'moved' });
    expect(world.place(target).marker).toMatchObject({ state: 'sealed', attempt: 2 });
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('is done only once', async () => {
    const world = await abandoned(pair);
    await world.migrator.wipe('app', { approve: yes });
    begin(world);
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.wipe('app', { approve: [] });
    });
    expect(result).toBe('unchanged');
  });

  it('is resumed after an interruption', async () => {
    const world = await abandoned(pair);
    const signal = AbortSignal.abort();
    await expect(world.migrator.wipe('app', { approve: yes, signal })).rejects.toThrow(Interrupted);
    expect(world.states(target).at(-1)).toBe('wiping');
    expect(world.place(target).fileSystem).toBe('ext4');
    expect(await world.migrator.wipe('app', { approve: yes })).toBe('changed');
    expect(world.place(target).fileSystem).toBe('');
  });

  it('changes nothing if another plan was approved', async () => {
    const world = await abandoned(pair);
    await changesNothing(world, () => world.migrator.wipe('app', { approve: [] }), NotApproved);
  });

  it.each<[string, (world: World) => void]>([
    ['another file system', (world) => Object.assign(world.place(target), { uuid: 'of-another' })],
    [
      'another disk under its number',
      (world) => void world.storage.add({ ...target, name: 'other' }, { name: 'other' }),
    ],
  ])('is refused for %s', async (_, change) => {
    const world = await abandoned(pair);
    change(world);
    await changesNothing(world, () => world.migrator.wipe('app', { approve: yes }), PlanRefused);
  });

  it('is not done if the disk was sealed since', async () => {
    const world = await abandoned(pair);
    const { marker } = world.place(target);
    world.place(target).marker = marker && { ...marker, state: 'sealed' };
    await expect(world.migrator.wipe('app', { approve: yes })).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.place(target).fileSystem).toBe('ext4');
  });

  it('is refused while the attempt is under way, and for a volume that the app was rolled back from', async () => {
    const underWay = await prepared(pair);
    await changesNothing(underWay, () => underWay.migrator.wipe('app', { approve: yes }), PlanRefused);
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    await changesNothing(world, () => world.migrator.wipe('app', { approve: yes }), PlanRefused);
    expect(world.rows(target)).toHaveLength(3);
  });
});

it('a folder is not wiped', async () => {
  const [, , pair] = pairs.find(([, to]) => to === 'nfs') as (typeof pairs)[number];
  const world = await abandoned(pair);
  await changesNothing(world, () => world.migrator.wipe('app', { approve: yes }), UserError);
});
