import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, killedAfter, type Pair, pairs } from './cases';
import { expectToldOrRefused, seeManifests } from './old-manifests';

useFastClock();

/** Without ValidatingAdmissionPolicy, as before Kubernetes 1.30. */
function running(pair: Pair): World {
  const world = World.running(pair);
  world.cluster.hasAdmission = false;
  return world;
}

type Step = (world: World) => Promise<unknown>;
const migrate: Step = ({ migrator }) => migrator.migrate('app', { approve: yes });
const rollback: Step = ({ migrator }) => migrator.rollback('app', { approve: yes });
const unhealthy =
  (onUnhealthy: 'rollback' | 'stop'): Step =>
  async (world) => {
    world.kubelet.unwellOn = ['config-2'];
    await expect(world.migrator.migrate('app', { approve: yes, onUnhealthy })).rejects.toThrow();
    world.kubelet.unwellOn = [];
  };
const further: Step = async (world) => {
  const volume = lun('config-3');
  world.storage.add(volume);
  world.generations = [...world.generations, volume];
};

/** Every manifest of the app that was in the cluster while something was done. */
async function manifestsDuring(world: World, steps: readonly Step[]): Promise<LiveObject[]> {
  const seen = seeManifests(world);
  for (const step of steps) await step(world);
  world.process.onChange = () => {};
  return seen;
}

describe.each(pairs)('on a cluster without admission, from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;

  it.each<[string, readonly Step[], readonly string[]]>([
    ['a move', [migrate], ['config']],
    ['a rollback', [migrate, rollback], []],
    ['an automatic rollback', [unhealthy('rollback')], []],
    ['a rollback of an app that is kept stopped on its target', [unhealthy('stop'), rollback], []],
    ['a rollback that was undone', [migrate, rollback, rollback], ['config']],
    ['a rollback that was undone and repeated', [migrate, rollback, rollback, rollback], []],
    ['a second move', [migrate, further, migrate], ['config', 'config-2']],
    ['a second move that was rolled back', [migrate, further, migrate, rollback], ['config']],
    ['retiring the first volume', [migrate, ({ migrator }) => migrator.retire('app', { approve: yes })], ['config']],
    [
      'giving up a prepared copy',
      [
        ({ migrator }) => migrator.prepare('app', { approve: yes }),
        ({ migrator }) => migrator.abort('app', { approve: yes }),
      ],
      [],
    ],
    [
      'giving up a sealed copy before the switch',
      [({ migrator }) => migrator.migrate('app', { approve: yes, until: 'stop' }), rollback],
      [],
    ],
  ])('after %s each old volume has a marker that its guard refuses, or is named', async (_, steps, told) => {
    const world = running(pair);
    const manifests = await manifestsDuring(world, steps);
    await expectToldOrRefused(world, manifests);
    const { fence } = await world.migrator.status('app');
    expect(fence?.is === 'unsupported' ? [...fence.claims].sort() : []).toEqual(told);
  });

  it('names a volume that could not be marked, in status too', async () => {
    const world = running(pair);
    await migrate(world);
    world.place(target).marker = undefined;
    await rollback(world);
    expect((await world.migrator.status('app')).fence).toEqual({ is: 'unsupported', claims: ['config-2'] });
  });

  it('a rollback that was killed after any change is continued, or resumed forward', async () => {
    const clean = running(pair);
    await migrate(clean);
    begin(clean);
    await rollback(clean);
    for (let changes = 1; changes <= clean.changes.length; changes++) {
      for (const next of [migrate, rollback]) {
        const world = running(pair);
        const manifests = await manifestsDuring(world, [migrate]);
        world.process.killIn(changes);
        await rollback(world).catch(() => {});
        world.process.revive();
        await next(world).catch(() => {});
        const place = `${next.name} after ${changes} changes`;
        expect(world.journal.cutover, place).toBeUndefined();
        expect(world.runsOn, place).toEqual([world.journal.live?.['/config']]);
        await expectToldOrRefused(world, manifests);
      }
    }
  });

  it('a run that resumes after the switch does not start the app if old manifests have run it on its source meanwhile', async () => {
    const world = running(pair);
    const [old] = await manifestsDuring(world, []);
    await killedAfter((name) => name === 'write lunward.lock.json', world, migrate);
    expect(world.journal).toMatchObject({ live: { '/config': 'config-2' }, cutover: { phase: 'switched' } });
    world.cluster.apply(old as LiveObject);
    expect(world.runsOn).toEqual(['config']);
    world.stop();
    const rows = world.rows(source);
    await expect(migrate(world)).rejects.toMatchObject({
      code: 'source-changed',
      message: expect.stringMatching(/It is DOWN.*"lunward rollback app"/),
    });
    expect(world.runsOn).toEqual([]);
    await rollback(world);
    expect(world.runsOn).toEqual(['config']);
    expect(world.rows(source)).toEqual(expect.arrayContaining(rows));
  });

  it('a run that resumes after the switch starts the app if nothing was written to its source', async () => {
    const world = await killedAfter((name) => name === 'write lunward.lock.json', running(pair), migrate);
    expect(await migrate(world)).toMatchObject({ result: 'moved' });
    expect(world.runsOn).toEqual(['config-2']);
  });
});
