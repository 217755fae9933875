import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import type { RetirePlan } from '../../../lib/migration/use-cases/retire';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('retiring what a move from %s to %s left', (_from, _to, pair) => {
  const [source, target] = pair;
  const objects = (world: World, name: string) =>
    [world.cluster.find('PersistentVolume', name), world.cluster.find('PersistentVolumeClaim', name, 'media')].map(
      Boolean,
    );
  const retired = async () => {
    const world = await moved(pair);
    await world.migrator.retire('app', { approve: yes });
    return begin(world);
  };

  it('removes claim and PersistentVolume, keeps the data, and does not touch the app', async () => {
    const world = await moved(pair);
    const kept = structuredClone(world.place(source));
    expect(await world.migrator.retire('app', { approve: yes })).toEqual({
      result: 'changed',
      claims: ['config'],
      renamed: [{ mountPath: '/config', first: 'config' }],
    });
    expect([objects(world, 'config'), objects(world, 'config-2')]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(world.place(source)).toEqual(kept);
    expect(world.journal.retired).toEqual(['config']);
    expect(world.lock.retired).toEqual({ app: ['config'] });
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.rows(target)).toHaveLength(3);
  });

  it('writes the journal first, then the lock file, and deletes the claim before its PersistentVolume', async () => {
    const world = await moved(pair);
    await world.migrator.retire('app', { approve: yes });
    const [first, second, ...others] = world.changes;
    expect([first, second]).toEqual(['write ConfigMap lunward-app', 'write lunward.lock.json']);
    expect(others.filter((change) => change.startsWith('delete'))).toEqual([
      'delete PersistentVolumeClaim config',
      'delete PersistentVolume config',
    ]);
    expect(world.told).toEqual(['leftCluster']);
  });

  it('makes rollback impossible', async () => {
    const world = await retired();
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.rollback('app', { approve: [] });
    });
    expect(result).toEqual({ result: 'unchanged', retired: ['config'] });
  });

  it('is done only once', async () => {
    const world = await retired();
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.retire('app', { approve: [] });
    });
    expect(result).toMatchObject({ result: 'unchanged', claims: [] });
  });

  it('keeps the source after a rollback', async () => {
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    expect(await world.migrator.retire('app', { approve: yes })).toMatchObject({ claims: ['config-2'] });
    expect([objects(world, 'config'), objects(world, 'config-2')]).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(world.runsOn).toEqual(['config']);
  });

  it('is resumed after an interruption', async () => {
    const world = await moved(pair);
    const signal = AbortSignal.abort();
    await changesNothing(world, () => world.migrator.retire('app', { approve: yes, signal }), UserError);
    const client = world.cluster.client;
    const remove = client.delete;
    client.delete = async () => {
      throw new UserError('the API server refuses it');
    };
    await expect(world.migrator.retire('app', { approve: yes })).rejects.toThrow(UserError);
    expect([world.journal.retired, objects(world, 'config')]).toEqual([['config'], [true, true]]);
    client.delete = remove;
    expect(await world.migrator.retire('app', { approve: yes })).toMatchObject({ result: 'changed' });
    expect(objects(world, 'config')).toEqual([false, false]);
  });

  it('shows what is approved, and changes nothing if another plan was approved', async () => {
    const world = await moved(pair);
    const shown: RetirePlan[] = [];
    await changesNothing(
      world,
      () => world.migrator.retire('app', { approve: [], onPlan: (plan) => shown.push(plan) }),
      NotApproved,
    );
    expect(shown).toHaveLength(1);
    expect(await world.migrator.retire('app', { approve: shown.map(({ digest }) => digest) })).toMatchObject({
      result: 'changed',
    });
  });

  it('is refused while a pod uses the volume, and if its data would not survive', async () => {
    const world = await moved(pair);
    const volume = world.cluster.find<{ spec: object }>('PersistentVolume', 'config');
    world.cluster.apply({ ...volume, spec: { ...volume?.spec, persistentVolumeReclaimPolicy: 'Delete' } });
    await changesNothing(world, () => world.migrator.retire('app', { approve: yes }), PlanRefused);
    const { pods } = world.cluster;
    world.cluster.apply({ ...volume });
    const other = { persistentVolumeClaim: { claimName: 'config' }, name: 'old' };
    world.cluster.pods = () => [
      ...pods(),
      { metadata: { name: 'other', namespace: 'media' }, spec: { containers: [], volumes: [other] } },
    ];
    await changesNothing(world, () => world.migrator.retire('app', { approve: yes }), PlanRefused);
  });

  it('has nothing to do before a move, and is refused during a move', async () => {
    const world = await prepared(pair);
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.retire('app', { approve: [] });
    });
    expect(result).toMatchObject({ result: 'unchanged' });
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    await changesNothing(world, () => world.migrator.retire('app', { approve: yes }), UserError);
  });
});
