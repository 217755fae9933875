import { describe, expect, it } from 'vitest';
import { UnanswerableError } from '../../../lib/core/problems';
import { untyped } from '../../helpers';
import { pairs } from '../use-cases/cases';
import { World } from '../world/world';

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

  it('says so if workloads may not be listed', async () => {
    const world = World.running(pair);
    const { list } = world.cluster.client;
    Object.assign(world.cluster.client, {
      list: (kind: string, namespace?: string) =>
        kind === 'CronJob' ? Promise.reject(new UnanswerableError('may not')) : list(untyped(kind), namespace),
    });
    expect(await remarks(world)).toEqual([
      'what else may start a pod on config is not known (may not): see that no CronJob and no other workload mounts it',
    ]);
  });
});
