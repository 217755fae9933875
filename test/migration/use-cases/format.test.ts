import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { abortedAt, begin, changesNothing, pairs } from './cases';

useFastClock();

const volume = lun('config');
const blank = () => {
  const world = new World([volume]);
  world.storage.add(volume);
  return world;
};
const formatted = async () => {
  const world = blank();
  await world.migrator.format('app', { approve: yes });
  return begin(world);
};

describe('formatting a first volume', () => {
  it('makes the file system, seals it, and records the seal in the lock file', async () => {
    const world = blank();
    expect(await world.migrator.format('app', { approve: yes })).toBe('changed');
    const { marker, uuid, fileSystem } = world.place(volume);
    expect(fileSystem).toBe('ext4');
    expect(marker).toEqual({ state: 'sealed', attempt: 1, volume: 'config', uuid });
    expect(world.states(volume)).toEqual(['intent', 'building', 'sealed']);
    expect(world.lock).toEqual({ version: 1, live: {}, sealed: { app: { config: { attempt: 1, uuid } } } });
    expect(world.told).toEqual(['step']);
  });

  it('lets the app start, which never starts on a blank LUN or another one', async () => {
    const world = blank();
    world.apply();
    expect(world.runsOn).toEqual([]);
    const sealed = await formatted();
    sealed.apply();
    expect(sealed.runsOn).toEqual(['config']);
    const other = await formatted();
    Object.assign(other.place(volume), { marker: undefined });
    other.apply();
    expect(other.runsOn).toEqual([]);
  });

  it('is done only once, even if the app already runs on it', async () => {
    const world = await formatted();
    for (const isRunning of [false, true]) {
      if (isRunning) world.apply();
      let result: unknown;
      await changesNothing(world, async () => {
        result = await world.migrator.format('app', { approve: [] });
      });
      expect(result, String(isRunning)).toBe('unchanged');
    }
  });

  it('is resumed after an interruption', async () => {
    const world = blank();
    const signal = abortedAt(world, (event) => event.type === 'step' && event.news === 'changed');
    await expect(world.migrator.format('app', { approve: yes, signal })).rejects.toThrow(Interrupted);
    expect(world.place(volume).marker).toMatchObject({ state: 'building' });
    expect(world.lock).toEqual({ version: 1, live: {} });
    expect(await world.migrator.format('app', { approve: yes })).toBe('changed');
    expect(world.place(volume).marker).toMatchObject({ state: 'sealed', attempt: 1 });
    expect(world.changes.filter((change) => change.startsWith('format-lun'))).toHaveLength(1);
  });

  it('writes the lock file if the previous run ended between journal and lock file', async () => {
    const world = await formatted();
    const { lock } = world;
    world.lock = emptyLock;
    expect(await world.migrator.format('app', { approve: [] })).toBe('changed');
    expect(world.lock).toEqual(lock);
    expect(world.changes).toEqual(['write lunward.lock.json']);
  });

  it('changes nothing if another plan was approved', async () => {
    const world = blank();
    await changesNothing(world, () => world.migrator.format('app', { approve: [] }), NotApproved);
  });

  it('changes nothing on a LUN that holds something', async () => {
    const world = blank();
    world.storage.addFilled(volume, { 'library.db': '' });
    await changesNothing(world, () => world.migrator.format('app', { approve: yes }), PlanRefused);
  });

  it('reads the whole LUN: what blkid does not recognise is not blank', async () => {
    const world = blank();
    world.place(volume).files = { raw: 'bytes of nobody knows whom' };
    await expect(world.migrator.format('app', { approve: yes })).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.place(volume)).toMatchObject({ fileSystem: '', files: { raw: expect.anything() } });
    expect(world.states(volume)).toEqual(['intent']);
  });
});

it.each(pairs)('nothing is formatted for a move from %s to %s', async (_from, _to, pair) => {
  const world = World.running(pair);
  await changesNothing(world, () => world.migrator.format('app', { approve: yes }), UserError);
});
