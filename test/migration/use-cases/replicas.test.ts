import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, killedAfter, moved, type Pair, pairs } from './cases';

useFastClock();

type Step = (world: World) => Promise<unknown>;
const migrate: Step = ({ migrator }) => migrator.migrate('app', { approve: yes });
const rollback: Step = ({ migrator }) => migrator.rollback('app', { approve: yes });
const restart: Step = ({ migrator }) => migrator.restart('app', { approve: yes });

const replicasOf = ({ cluster }: World) =>
  cluster.find<{ spec: { replicas: number } }>('Deployment', 'app', 'media')?.spec.replicas;

/** Somebody starts it as it stands in the cluster, or with the manifests of what is live. */
function scaledUp(world: World): void {
  const deployment = world.cluster.find<{ spec: object }>('Deployment', 'app', 'media');
  world.cluster.apply({ ...deployment, spec: { ...deployment?.spec, replicas: 1 } });
}

/** An app that is scaled to zero. */
function atZero(world: World): World {
  world.stop();
  return begin(world);
}

const switched = (change: string) => change === 'write Deployment app';
const journaled = (change: string) => change === 'write ConfigMap lunward-app';

/** A move of an app at zero, killed once the new claim is live. */
const killedAfterSwitch = async (pair: Pair) => killedAfter(switched, atZero(World.running(pair)), migrate);
/** A move of an app at zero that ends with its stop. */
const sealed = async (pair: Pair) => {
  const world = atZero(World.running(pair));
  await world.migrator.migrate('app', { approve: yes, until: 'stop' });
  return world;
};
/** A rollback of an app at zero, killed once its volumes are live again. */
const returning = async (pair: Pair) =>
  killedAfter((change) => change === 'write lunward.lock.json', atZero(await moved(pair)), rollback);

describe.each(pairs)('an app that had no replicas before its move from %s to %s', (_from, _to, pair) => {
  it.each<[string, (pair: Pair) => Promise<World>, Step, string]>([
    ['after the switch, and a rollback', killedAfterSwitch, rollback, 'config'],
    ['after the switch, and the move is resumed', killedAfterSwitch, migrate, 'config-2'],
    ['while it is sealed, and the move is resumed', sealed, migrate, 'config-2'],
    ['while it is sealed, and a rollback', sealed, rollback, 'config'],
    ['during a rollback, which is resumed', returning, rollback, 'config'],
  ])('runs if somebody starts it %s', async (_, newWorld, run, claim) => {
    const world = await newWorld(pair);
    scaledUp(world);
    const result = await run(world);
    expect([world.runsOn, replicasOf(world)]).toEqual([[claim], 1]);
    expect(world.journal.cutover).toBeUndefined();
    expect(world.storage.violations).toEqual([]);
    if (run === migrate) expect(result).toMatchObject({ moved: { healthy: expect.anything() } });
    else expect(result).toMatchObject({ result: 'changed', isDown: false });
  });

  it.each<[string, (pair: Pair) => Promise<World>]>([
    ['its switch', killedAfterSwitch],
    ['its stop', sealed],
    ['its rollback was begun', returning],
  ])('has none after a rollback after %s, and that is told', async (_, newWorld) => {
    const world = await newWorld(pair);
    expect(await rollback(world)).toMatchObject({ result: 'changed', isDown: true, live: ['config'] });
    expect([world.runsOn, replicasOf(world)]).toEqual([[], 0]);
  });

  it('has none after it returns to the target, and that is told', async () => {
    const world = await moved(pair);
    await rollback(world);
    atZero(world);
    expect(await rollback(world)).toMatchObject({ result: 'changed', isAgain: true, isDown: true });
    expect([world.runsOn, replicasOf(world)]).toEqual([[], 0]);
  });

  it('is not said to run on its source where its move failed', async () => {
    const world = atZero(World.running(pair));
    world.process.onChange = (change) => {
      if (journaled(change) && world.journal.cutover) world.place(pair[1]).marker = undefined;
    };
    await expect(migrate(world)).rejects.toMatchObject({ message: expect.stringMatching(/with no replicas/) });
    expect(replicasOf(world)).toBe(0);
  });
});

describe.each(pairs.filter(([from]) => from === 'iscsi'))(
  'a restart on %s before a move to %s,',
  (_from, _to, pair) => {
    it.each([
      ['runs if somebody starts it before the restart is resumed', 1],
      ['has none if nobody does', 0],
    ])('of an app with no replicas: it %s', async (_, replicas) => {
      const world = await killedAfter(journaled, atZero(World.running(pair)), restart);
      if (replicas > 0) scaledUp(world);
      const result = await restart(world);
      expect(replicasOf(world)).toBe(replicas);
      expect(result).toMatchObject(
        replicas > 0 ? { pod: { name: expect.any(String) } } : { checks: [{ claim: 'config' }] },
      );
      expect(world.journal.cutover).toBeUndefined();
    });
  },
);
