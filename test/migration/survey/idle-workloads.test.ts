import { describe, expect, it } from 'vitest';
import { UnanswerableError } from '../../../lib/core/problems';
import { untyped } from '../../helpers';
import { moved, pairs } from '../use-cases/cases';
import { World, yes } from '../world/world';

/** A CronJob between two runs. */
const backup = (claimName: string) => {
  const template = { spec: { volumes: [{ name: 'state', persistentVolumeClaim: { claimName } }] } };
  const spec = { schedule: '0 3 * * *', jobTemplate: { spec: { template } } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'backup', namespace: 'media' }, spec };
};

describe.each(pairs)('a plan of a move from %s to %s', (_from, _to, pair) => {
  const remarks = async (world: World) =>
    (await world.migrator.planMigration('app')).flatMap((one) => one.remarks).filter((line) => line.includes('pod'));

  it('names workloads without a pod that mount the volume that the app leaves', async () => {
    const world = World.running(pair);
    expect(await remarks(world)).toEqual([]);
    world.cluster.apply(backup('config'));
    expect(await remarks(world)).toEqual([
      expect.stringMatching(/^CronJob media\/backup \(a pod at "0 3 \* \* \*"\) mounts config .* give it config-2/),
    ]);
  });

  it('names those that mount the volume that it is to get', async () => {
    const world = World.running(pair);
    world.cluster.apply(backup('config-2'));
    expect(await remarks(world)).toEqual([expect.stringMatching(/^CronJob media\/backup .* mounts config-2 /)]);
  });

  it('says so if workloads may not be listed', async () => {
    const world = World.running(pair);
    const { list } = world.cluster.client;
    Object.assign(world.cluster.client, {
      list: (kind: string, namespace?: string) =>
        kind === 'CronJob' ? Promise.reject(new UnanswerableError('may not')) : list(untyped(kind), namespace),
    });
    expect(await remarks(world)).toEqual([
      'what else may start a pod on config, config-2 is not known (may not): see that no CronJob and no other workload mounts it',
    ]);
  });
});

describe.each(pairs)('the plan of a rollback of a move from %s to %s', (_from, _to, pair) => {
  const remarks = async (world: World) => {
    const told: string[] = [];
    const onPlan = ({ remarks: lines }: { readonly remarks: readonly string[] }) => void told.push(...lines);
    await world.migrator.rollback('app', { approve: yes, onPlan });
    return told.map((line) => line.match(/mounts (config\S*)/)?.[1]);
  };

  it('names workloads on the volume that the app leaves, and on the one that it returns to', async () => {
    const world = await moved(pair);
    expect(await remarks(world.copy())).toEqual([]);
    for (const claim of ['config', 'config-2']) {
      const { metadata, ...job } = backup(claim);
      world.cluster.apply({ ...job, metadata: { ...metadata, name: `backup-of-${claim}` } });
    }
    expect(await remarks(world)).toEqual(['config-2', 'config']);
    expect(await remarks(world)).toEqual(['config', 'config-2']);
  });
});
