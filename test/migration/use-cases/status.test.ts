import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import type { Status } from '../../../lib/migration/use-cases/status';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('the status of a move from %s to %s', (_from, _to, pair) => {
  const statusOf = async (world: World, options?: { writeLock: true }): Promise<Status> => {
    let status: Status | undefined;
    const { lock } = world;
    const asked = async () => {
      status = await world.migrator.status('app', options);
    };
    await (options ? asked() : changesNothing(world, asked));
    if (!options) expect(world.lock).toBe(lock);
    return status as Status;
  };

  it('before the move shows what is described', async () => {
    expect(await statusOf(World.running(pair))).toMatchObject({
      app: 'app',
      live: [{ mountPath: '/config', claim: 'config', by: 'description' }],
      pods: [{ name: 'app-1', node: 'node-b', ready: true, claims: { '/config': 'config' } }],
      lock: { differences: [] },
      volumes: [],
    });
  });

  it('names the attempt once the copy is made, and the phase once the app is stopped', async () => {
    const world = await prepared(pair);
    const latest = { state: 'prepared', attempt: 1 };
    expect((await statusOf(world)).volumes).toMatchObject([{ volume: 'config-2', latest }]);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    const status = await statusOf(world);
    expect(status).toMatchObject({ cutover: { phase: 'stopping', replicas: 1 }, pods: [] });
    expect(status.live).toMatchObject([{ claim: 'config' }]);
  });

  it('after the move follows the journal, and after a rollback too', async () => {
    const world = await moved(pair);
    expect((await statusOf(world)).live).toEqual([
      { mountPath: '/config', claim: 'config-2', before: 'config', by: 'journal' },
    ]);
    await world.migrator.rollback('app', { approve: yes });
    const status = await statusOf(world);
    expect(status.live).toEqual([{ mountPath: '/config', claim: 'config', before: 'config-2', by: 'journal' }]);
    expect(status.volumes).toMatchObject([{ latest: { state: 'rolled-back' } }]);
    // The move that was rolled back is refused, so it is no step.
    const refused = (await world.migrator.plan('app')).flatMap(({ planned }) => planned.refusals ?? []);
    expect(refused).not.toEqual([]);
    expect(status.next).not.toContain('shows the move');
    await world.migrator.rollback('app', { approve: yes });
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('reports a lock file that differs from the journal, and writes it only on request', async () => {
    const world = await moved(pair);
    const written = world.lock;
    world.lock = emptyLock;
    const { lock } = await statusOf(world);
    expect(lock.written).toBeUndefined();
    expect(lock.differences.map(({ subject, mendable }) => [subject, mendable])).toEqual(
      expect.arrayContaining([['/config', true]]),
    );
    expect((await statusOf(world, { writeLock: true })).lock).toEqual({ differences: [], written: 'changed' });
    expect(world.lock).toEqual(written);
    expect((await statusOf(world, { writeLock: true })).lock).toEqual({ differences: [], written: 'unchanged' });
    expect(world.changes).toEqual(['write lunward.lock.json']);
  });

  it('ignores a lock file that names a generation that is not described', async () => {
    const world = await moved(pair);
    const { lock } = world;
    world.lock = { ...lock, live: { app: { '/config': 'config-9' } } };
    await expect(world.migrator.plan('app')).rejects.toThrow();
    expect((await statusOf(world)).live).toMatchObject([{ claim: 'config-2', by: 'journal' }]);
    await statusOf(world, { writeLock: true });
    expect(world.lock).toEqual(lock);
  });
});
