import { describe, expect, it } from 'vitest';
import type { RemarkedPlan } from '../../../lib/migration/plan/remarked-plan';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, changesNothing, killedAfter, moved, type Pair, pairs, prepared } from './cases';

useFastClock();

const digestOf = ([one]: readonly RemarkedPlan[]) => (one?.planned.plan ? one.planned.digest : undefined);
const stepsOf = ([one]: readonly RemarkedPlan[]) => one?.planned.plan?.steps.map(({ name, node }) => `${name} ${node}`);
const refusalsOf = (plans: readonly RemarkedPlan[]) =>
  plans.flatMap(({ planned }) => (planned.refusals ?? []).map(({ subject }) => subject));

describe.each(pairs)('the plan of a move from %s to %s', (from, to, pair) => {
  const [source, target] = pair;
  const planned = async (world: World) => {
    let plans: readonly RemarkedPlan[] = [];
    await changesNothing(world, async () => {
      plans = await world.migrator.plan('app');
    });
    return plans;
  };

  it('has each step with its node, and a digest; nothing is changed', async () => {
    const plans = await planned(World.running(pair));
    // What an app has mounted of a LUN is read where the app runs.
    const node = from === 'iscsi' ? 'node-b' : 'node-a';
    expect(stepsOf(plans)).toEqual([`${to === 'iscsi' ? 'format' : 'mark'} ${node}`, `copy ${node}`, `hash ${node}`]);
    expect(plans[0]?.planned.plan?.later?.map(({ name }) => name)).toEqual(['stop', 'final', 'switch', 'start']);
    expect(digestOf(plans)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps its digest while the app writes, and the migration asks for that digest', async () => {
    const world = World.running(pair);
    const digest = digestOf(await planned(world));
    world.place(source).files = { ...world.place(source).files, 'new.xml': 'late' };
    expect(digestOf(await world.migrator.planMigration('app'))).toBe(digest);
    expect(digestOf(await world.migrator.planMigration('app', { until: 'prepare' }))).toBe(digest);
  });

  it('keeps its digest once the copy is made', async () => {
    const world = World.running(pair);
    const digest = digestOf(await planned(world));
    expect(digestOf(await planned(await prepared(pair)))).toBe(digest);
  });

  it('is refused for a target that holds something else', async () => {
    const world = World.running(pair);
    Object.assign(world.place(target), { files: { 'other.txt': '' }, ...(to === 'iscsi' && { fileSystem: 'xfs' }) });
    expect(refusalsOf(await planned(world))).toHaveLength(1);
  });

  it.each([
    ['an old copy', { 'library.db': 'row of another app\n' }],
    ['nothing', {}],
  ])('is refused if the cluster has another volume than described, which contains %s', async (_, files) => {
    const world = World.running(pair);
    const other = source.kind === 'iscsi' ? { ...source, lun: 2 } : { ...source, path: '/volume1/other' };
    world.storage.addFilled(other, files);
    world.generations = [other, target];
    expect(refusalsOf(await planned(world))).toContain('PersistentVolume config');
  });

  it('has nothing to do after the move', async () => {
    const world = await moved(pair);
    const [one, ...others] = await planned(world);
    expect([Boolean(one?.planned.plan), Boolean(one?.planned.refusals), others]).toEqual([false, false, []]);
  });

  it('names the only next step of an app that is being rolled back', async () => {
    const world = await killedAfter(
      (change) => change === 'write lunward.lock.json',
      await moved(pair),
      ({ migrator }) => migrator.rollback('app', { approve: yes }),
    );
    expect(world.journal.cutover?.phase).toBe('returning');
    expect((await world.migrator.plan('app')).map(({ remarks }) => remarks)).toEqual([
      ['"lunward rollback app" resumes that'],
    ]);
  });

  it('says what is under way between stop and start', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    begin(world);
    expect(await planned(world)).toMatchObject([
      { action: 'move', goesOn: true, planned: { done: expect.anything() } },
    ]);
  });
});

describe('the plan of a first volume', () => {
  it('of a blank LUN formats it', async () => {
    const world = new World([lun('config')]);
    world.storage.add(lun('config'));
    const plans = await world.migrator.plan('app');
    expect(stepsOf(plans)).toEqual(['format node-a', 'seal node-a']);
    expect(plans[0]?.planned.plan?.later).toBeUndefined();
    expect(world.changes).toEqual([]);
  });

  it('of a LUN with data is refused', async () => {
    const world = new World([lun('config')]);
    world.storage.addFilled(lun('config'), { 'library.db': '' });
    await changesNothing(world, async () => expect(refusalsOf(await world.migrator.plan('app'))).toHaveLength(1));
  });

  it('of a folder has nothing to do', async () => {
    const world = World.running([share('config')]);
    const plans = await world.migrator.plan('app');
    expect(plans).toMatchObject([{ action: 'describe', planned: { done: expect.anything() } }]);
  });
});

it('the plan for a LUN that some node can’t see is refused', async () => {
  const pair: Pair = [share('config'), lun('config-2', { lun: 7 })];
  const world = World.running(pair);
  world.generations = [share('config'), lun('config-2', { lun: 8 })];
  await changesNothing(world, async () =>
    expect(refusalsOf(await world.migrator.plan('app'))).toEqual(['node-a', 'node-b']),
  );
});
