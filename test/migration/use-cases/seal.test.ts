import { expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { foreignUuid } from '../world/storage';
import { World, yes } from '../world/world';
import { begin, changesNothing, prepared } from './cases';

useFastClock();

const volume = lun('config');
const filled = () => {
  const world = new World([volume]);
  world.storage.addFilled(volume, { 'library.db': 'row of before\n' });
  return world;
};
const adopted = async () => {
  const world = filled();
  await world.migrator.seal('app', { approve: yes });
  return begin(world);
};

it('adopts a LUN with the data of an app, and writes only the marker to it', async () => {
  const world = filled();
  expect(await world.migrator.seal('app', { approve: yes })).toBe('changed');
  expect(world.place(volume)).toMatchObject({
    fileSystem: 'ext4',
    uuid: foreignUuid,
    files: { 'library.db': 'row of before\n' },
    marker: { state: 'sealed', attempt: 1, volume: 'config', uuid: foreignUuid },
  });
  expect(world.states(volume)).toEqual(['intent', 'sealed']);
  expect(world.lock.sealed).toEqual({ app: { config: { attempt: 1, uuid: foreignUuid } } });
});

it('lets the app start on it with a guard', async () => {
  const world = await adopted();
  world.apply();
  expect(world.runsOn).toEqual(['config']);
  expect(world.rows(volume)).toEqual(['row of before', 'row of app-1']);
});

it('is done only once', async () => {
  const world = await adopted();
  let result: unknown;
  await changesNothing(world, async () => {
    result = await world.migrator.seal('app', { approve: [] });
  });
  expect(result).toBe('unchanged');
});

it('is resumed after an interruption', async () => {
  const world = filled();
  const signal = AbortSignal.abort();
  await expect(world.migrator.seal('app', { approve: yes, signal })).rejects.toThrow(Interrupted);
  expect([world.place(volume).marker, world.lock.sealed]).toEqual([undefined, undefined]);
  expect(await world.migrator.seal('app', { approve: yes })).toBe('changed');
  expect(world.place(volume).marker).toMatchObject({ state: 'sealed', attempt: 1 });
});

it('restores a lost journal and lock file from the marker', async () => {
  const world = await adopted();
  await world.cluster.client.delete({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'lunward-app', namespace: 'media' },
  });
  world.lock = { version: 1, live: {} };
  expect(await world.migrator.seal('app', { approve: yes })).toBe('changed');
  expect(world.states(volume)).toEqual(['intent', 'sealed']);
  expect(world.lock.sealed).toEqual({ app: { config: { attempt: 1, uuid: foreignUuid } } });
});

it('writes the lock file if the previous run ended between journal and lock file', async () => {
  const world = await adopted();
  const { lock } = world;
  world.lock = emptyLock;
  expect(await world.migrator.seal('app', { approve: [] })).toBe('changed');
  expect(world.lock).toEqual(lock);
});

it('changes nothing if another plan was approved', async () => {
  const world = filled();
  await changesNothing(world, () => world.migrator.seal('app', { approve: [] }), NotApproved);
});

it('is refused for a blank LUN, for one in use, and for one that is being filled', async () => {
  const blank = new World([volume]);
  blank.storage.add(volume);
  const used = filled();
  used.apply();
  const filling = await prepared([share('config'), lun('config-2')]);
  for (const world of [blank, used, begin(filling)]) {
    await changesNothing(world, () => world.migrator.seal('app', { approve: yes }), PlanRefused);
  }
});

it('is refused for a LUN that data is to be moved to: it would never be compared with the source', async () => {
  const pair = [share('config'), lun('config-2')] as const;
  const world = World.running(pair);
  world.storage.addFilled(pair[1], { 'library.db': 'row of long ago\n' });
  world.stop();
  begin(world);
  await changesNothing(world, () => world.migrator.seal('app', { approve: yes }), PlanRefused);
});

it('is followed by no move to it, if a generation is described before it later', async () => {
  const world = await adopted();
  world.storage.addFilled(share('older'), { 'library.db': 'row of before\n' });
  world.generations = [share('older'), volume];
  world.apply();
  begin(world);
  await changesNothing(world, () => world.migrator.migrate('app', { approve: yes }), PlanRefused);
  expect(world.runsOn).toEqual(['older']);
});

it('is refused for a folder', async () => {
  const world = World.running([share('config')]);
  await changesNothing(world, () => world.migrator.seal('app', { approve: yes }), UserError);
});
