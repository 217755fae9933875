import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { killedAfter, moved, type Pair, pairs, prepared } from './cases';

useFastClock();

const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
const rollback = ({ migrator }: World) => migrator.rollback('app', { approve: yes });

/** Killed once it has stopped the app, whose pod does not end; then somebody scales the app up again. */
async function scaledUp(world: World, run: (world: World) => Promise<unknown>): Promise<World> {
  world.kubelet.endsPods = false;
  await killedAfter((change) => change === 'patch Deployment app', world, run);
  // Its controller acts when it is looked at.
  world.kubelet.pods();
  const deployment = world.cluster.find<{ spec: object }>('Deployment', 'app', 'media');
  world.cluster.apply({ ...deployment, spec: { ...deployment?.spec, replicas: 1 } });
  expect(world.kubelet.pods().map(({ metadata }) => metadata?.deletionTimestamp !== undefined)).toEqual([true]);
  return world;
}

const stopped = async (pair: Pair) => scaledUp(await prepared(pair), migrate);
const stoppedOnWayBack = async (pair: Pair) => scaledUp(await moved(pair), rollback);

describe.each(pairs)(
  'an app that somebody scaled up while its pod was ending, in a move from %s to %s,',
  (_, _to, pair) => {
    it.each([
      ['rollback, of a move that was killed', stopped, rollback, 'config'],
      ['migrate, of a move that was killed', stopped, migrate, 'config-2'],
      ['migrate, of a rollback that was killed', stoppedOnWayBack, migrate, 'config-2'],
      ['rollback, of a rollback that was killed', stoppedOnWayBack, rollback, 'config'],
    ])('gets no second pod until that one has ended: %s', async (_name, newWorld, run, claim) => {
      const world = await newWorld(pair);
      await expect(run(world)).rejects.toMatchObject({
        code: 'storage-in-use',
        message: expect.stringMatching(/app-\d on node-b, which is ending.*It is DOWN/s),
      });
      expect([world.storage.violations, world.runsOn]).toEqual([[], []]);
      world.kubelet.endsPods = true;
      await run(world);
      expect([world.storage.violations, world.runsOn, world.journal.cutover]).toEqual([[], [claim], undefined]);
    });
  },
);

describe.each(pairs)(
  'the manifests of the first generation, applied while an app is down on its way from %s and %s to a third one',
  (_, _to, pair) => {
    it.each([
      ['rollback', rollback, 'config-2'],
      ['migrate', migrate, 'config-3'],
    ])('start nothing, and do not stay: %s', async (_name, run, claim) => {
      const world = await moved(pair);
      world.storage.add(lun('config-3'));
      world.generations = [...pair, lun('config-3')];
      await killedAfter((change) => change === 'patch Deployment app', world, migrate);
      const { lock } = world;
      world.lock = emptyLock;
      world.apply();
      world.lock = lock;
      expect(world.runsOn).toEqual([]);
      await run(world);
      expect([world.storage.violations, world.runsOn, world.journal.cutover]).toEqual([[], [claim], undefined]);
    });
  },
);
