import { describe, expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import type { Migrated } from '../../../lib/migration/use-cases/migrate';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { DATABASE } from '../world/storage';
import { World, yes } from '../world/world';
import { abortedAt, begin, changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;
  const onSource = { runsOn: ['config'], lock: { version: 1, live: {} } };
  const onTarget = (world: World) => {
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.journal).toMatchObject({ live: { '/config': 'config-2' }, before: { '/config': 'config' } });
    expect(world.journal.cutover).toBeUndefined();
    const { attempt, uuid } = world.place(target).marker ?? {};
    expect(world.lock.live).toEqual({ app: { '/config': 'config-2' } });
    expect(world.lock.sealed).toEqual({ app: { 'config-2': { attempt, uuid } } });
  };

  it('ends with the app on the target, with all its data, and the source unchanged', async () => {
    const world = World.running(pair);
    expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({
      result: 'moved',
      moved: { app: 'app', healthy: { pod: 'app-2', node: 'node-b' } },
    });
    onTarget(world);
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared', 'sealed']);
    expect(world.place(target).marker).toMatchObject({ state: 'sealed', attempt: 1, volume: 'config-2' });
    expect(world.rows(source)).toEqual(['row of before', 'row of app-1']);
    expect(world.rows(target)).toEqual([...world.rows(source), 'row of app-2']);
  });

  it('reports each step in order', async () => {
    const world = World.running(pair);
    await world.migrator.migrate('app', { approve: yes });
    expect(world.told).toEqual(['step', 'fenced', 'stopping', 'stopped', 'sealed', 'released', 'starting', 'ready']);
  });

  it('reports no script, whose text may hold passwords', async () => {
    const world = World.running(pair);
    await world.migrator.migrate('app', { approve: yes });
    const steps = world.reported.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) expect(step).toEqual({ name: expect.any(String), node: expect.any(String) });
  });

  it('stops the app, seals the target, and then writes journal, lock file and Deployment, in this order', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes });
    const stopped = world.changes.indexOf('patch Deployment app');
    expect(world.changes.slice(stopped + 1, stopped + 9)).toEqual([
      expect.stringMatching(/^final-copy/),
      'write ConfigMap lunward-app',
      'write ConfigMap lunward-app',
      'write lunward.lock.json',
      'create PersistentVolume config-2',
      'create PersistentVolumeClaim config-2',
      'write Deployment app',
      'patch Deployment app',
    ]);
  });

  it('runs after the digests of its plan are approved, and needs no further approval', async () => {
    const world = World.running(pair);
    const digests: string[] = [];
    await world.migrator.migrate('app', { approve: async (asked) => void digests.push(...asked) });
    const other = World.running(pair);
    expect(await other.migrator.migrate('app', { approve: digests })).toMatchObject({ result: 'moved' });
    expect(digests).toHaveLength(1);
  });

  it('gives the same result in three runs (copy, stop, rest) as in one', async () => {
    const world = await prepared(pair);
    expect(await world.migrator.migrate('app', { approve: yes, until: 'stop' })).toMatchObject({
      result: 'sealed',
      isDown: true,
    });
    expect({ runsOn: world.runsOn, lock: world.lock }).toEqual({ ...onSource, runsOn: [] });
    expect(world.journal.cutover).toMatchObject({ phase: 'stopping', replicas: 1 });
    expect(world.place(target).marker).toMatchObject({ state: 'sealed' });
    // What was approved is not asked for again.
    expect(await world.migrator.migrate('app', { approve: [] })).toMatchObject({ result: 'moved' });
    onTarget(world);
  });

  it('is not started again when it is finished', async () => {
    const world = await moved(pair);
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.migrate('app', { approve: [] });
    });
    expect(result).toEqual({ result: 'unchanged' });
  });

  it('copies what was written to the source after the first copy', async () => {
    const world = await prepared(pair);
    world.place(source).files = { ...world.place(source).files, 'new.xml': 'late' };
    await world.migrator.migrate('app', { approve: yes });
    expect(world.place(target).files).toMatchObject({ 'new.xml': 'late' });
  });

  it('does not switch to a sealed target if the source was written to since', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    world.place(source).files = { ...world.place(source).files, 'new.xml': 'late' };
    await expect(world.migrator.migrate('app', { approve: yes })).rejects.toMatchObject({ code: 'source-changed' });
    expect({ runsOn: world.runsOn, lock: world.lock }).toEqual(onSource);
    expect(world.states(target).at(-1)).toBe('rolled-back');
  });

  it.each(['rollback', 'stop'] as const)(
    'after which the app is unhealthy ends as requested: %s',
    async (onUnhealthy) => {
      const world = World.running(pair);
      world.kubelet.unwellOn = ['config-2'];
      const isBack = onUnhealthy === 'rollback';
      const code = isBack ? 'rolled-back' : 'stopped-on-target';
      await expect(world.migrator.migrate('app', { approve: yes, onUnhealthy })).rejects.toMatchObject({ code });
      expect(world.runsOn).toEqual(isBack ? ['config'] : []);
      expect(world.lock.live.app).toEqual({ '/config': isBack ? 'config' : 'config-2' });
      expect(world.journal.live).toEqual({ '/config': isBack ? 'config' : 'config-2' });
      expect(world.journal.cutover?.phase).toBe(isBack ? undefined : 'stopped-on-target');
      expect(world.states(target).at(-1)).toBe(isBack ? 'rolled-back' : 'sealed');
      expect(world.rows(target)).toContain('row of app-2');
    },
  );

  it('starts the app again on the target after the problem was fixed', async () => {
    const world = World.running(pair);
    world.kubelet.unwellOn = ['config-2'];
    await world.migrator.migrate('app', { approve: yes, onUnhealthy: 'stop' }).catch(() => {});
    world.kubelet.unwellOn = [];
    expect(await world.migrator.migrate('app', { approve: [] })).toMatchObject({ result: 'moved' });
    onTarget(world);
  });

  it.each(['stopping', 'stopped', 'sealed'])(
    'that is interrupted when it reports %s leaves the app on the source',
    async (type) => {
      const world = await prepared(pair);
      const signal = abortedAt(world, (event) => event.type === type);
      const ended = world.migrator.migrate('app', { approve: yes, signal });
      await expect(ended).rejects.toMatchObject({ code: 'interrupted' });
      expect({ runsOn: world.runsOn, lock: world.lock }).toEqual(onSource);
      expect(world.journal.cutover).toBeUndefined();
      expect(world.told.at(-1)).toBe('notMoved');
    },
  );

  it('that is interrupted during the health check rolls the app back', async () => {
    const world = World.running(pair);
    const signal = abortedAt(world, ({ type }) => type === 'starting');
    const ended = world.migrator.migrate('app', { approve: yes, signal });
    await expect(ended).rejects.toMatchObject({ code: 'rolled-back' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.told.at(-1)).toBe('unhealthy');
  });

  it('changes nothing if another plan was approved', async () => {
    const world = World.running(pair);
    await changesNothing(world, () => world.migrator.migrate('app', { approve: ['0123456789abcdef'] }), NotApproved);
  });

  it('does not stop the app if a node without a pod of the app uses the source', async () => {
    const world = await prepared(pair);
    const mounts = world.kubelet.mounts.bind(world.kubelet);
    world.kubelet.mounts = () => mounts().flatMap((mount) => [mount, { ...mount, node: 'node-a' }]);
    const ended = world.migrator.migrate('app', { approve: yes });
    await expect(ended).rejects.toMatchObject({ category: 'refused', code: 'plan-refused' });
    expect(world.changes.filter((name) => name.includes('Deployment'))).toEqual([]);
    expect(world.journal.cutover).toBeUndefined();
    expect(world.runsOn).toEqual(['config']);
  });

  it('changes nothing if what runs differs from the description', async () => {
    const world = World.running(pair);
    const deployment = world.cluster.find<{ spec: object }>('Deployment', 'app', 'media');
    world.cluster.apply({ ...deployment, spec: { ...deployment?.spec, strategy: { type: 'RollingUpdate' } } });
    begin(world);
    await changesNothing(world, () => world.migrator.migrate('app', { approve: yes }), PlanRefused);
  });

  it('requires that the prepared target is unchanged', async () => {
    const world = await prepared(pair);
    world.place(target).marker = undefined;
    world.place(target).files = { 'other.txt': 'of another app' };
    await expect(world.migrator.migrate('app', { approve: yes })).rejects.toMatchObject({
      code: expect.stringMatching(/^(step-declined|plan-refused)$/),
    });
    expect({ runsOn: world.runsOn, lock: world.lock }).toEqual(onSource);
    expect(world.place(target).files).toEqual({ 'other.txt': 'of another app' });
  });
});

it('a move on a cluster without admission names the claims that nothing protects', async () => {
  const [, , pair] = pairs[0] as (typeof pairs)[number];
  const world = World.running(pair);
  world.cluster.hasAdmission = false;
  expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ moved: { unfenced: ['config'] } });
  expect(world.reported).toContainEqual({ type: 'fenced', inForce: false });
});

it.each(['rollback', 'stop'] as const)(
  'a move after which the app is Ready but fails its health check ends as requested: %s',
  async (onUnhealthy) => {
    const [source, target] = [share('config'), lun('config-2')];
    const app = jellyfin({
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      config: source,
      databases: [{ path: DATABASE, engine: 'sqlite' }],
    });
    const world = World.running([source, target], app);
    world.kubelet.unansweredOn = ['config-2'];
    await expect(world.migrator.migrate('app', { approve: yes, onUnhealthy })).rejects.toMatchObject({
      code: onUnhealthy === 'rollback' ? 'rolled-back' : 'stopped-on-target',
      message: expect.stringContaining('/health of the app answers 404'),
    });
    expect(world.runsOn).toEqual(onUnhealthy === 'rollback' ? ['config'] : []);
    expect(world.rows(target)).toContain('row of app-2');
  },
);

it('a move to a LUN changes settings only on the target, and the next one to a folder restores them', async () => {
  const [source, target, next] = [share('config'), lun('config-2'), share('config-3')];
  const world = World.running(
    [source, target],
    jellyfin({
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      config: source,
      databases: [{ path: DATABASE, engine: 'sqlite' }],
    }),
  );
  const setting = (value: string) =>
    `<DatabaseConfigurationOptions><LockingBehavior>${value}</LockingBehavior></DatabaseConfigurationOptions>`;
  const settings = 'database.xml';
  world.place(source).files = { ...world.place(source).files, [settings]: setting('Pessimistic') };
  const { moved } = (await world.migrator.migrate('app', { approve: yes })) as Extract<Migrated, { result: 'moved' }>;
  expect(moved.healthy?.checks).toContain('/health answers');
  expect(world.place(target).files[settings]).toBe(setting('NoLock'));
  expect(world.place(source).files[settings]).toBe(setting('Pessimistic'));
  world.generations = [source, target, next];
  world.storage.add(next);
  expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ result: 'moved' });
  expect(world.runsOn).toEqual(['config-3']);
  expect(world.place(next).files[settings]).toBe(setting('Pessimistic'));
  expect(world.place(target).files[settings]).toBe(setting('NoLock'));
});
