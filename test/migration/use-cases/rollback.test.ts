import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NoWayBack } from '../../../lib/migration/cutover/way-back';
import { NotApproved } from '../../../lib/migration/use-cases/execute';
import type { RollbackPlan } from '../../../lib/migration/use-cases/rollback';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('a rollback of the move from %s to %s', (_from, to, pair) => {
  const [source, target] = pair;
  const rolledBack = async () => {
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    return begin(world);
  };

  it('returns the app to the source, and keeps what it wrote to the target there', async () => {
    const world = await moved(pair);
    const onTarget = world.place(target).files;
    expect(await world.migrator.rollback('app', { approve: yes })).toEqual({
      result: 'changed',
      isAgain: false,
      isDown: false,
      live: ['config'],
      left: ['config-2'],
    });
    expect(world.runsOn).toEqual(['config']);
    expect(world.journal).toMatchObject({ live: { '/config': 'config' }, before: { '/config': 'config-2' } });
    expect(world.journal.cutover).toBeUndefined();
    expect(world.lock.live).toEqual({ app: { '/config': 'config' } });
    expect(world.states(target).at(-1)).toBe('rolled-back');
    expect(world.place(target).files).toEqual(onTarget);
    expect(world.rows(source)).toEqual(['row of before', 'row of app-1', 'row of app-3']);
  });

  it('stops the app, and then writes journal, lock file and Deployment, in this order', async () => {
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    const stopped = world.changes.indexOf('patch Deployment app');
    expect(world.changes.slice(0, stopped)).toContain('write ConfigMap lunward-app');
    expect(world.changes.slice(stopped + 1, stopped + 4)).toEqual([
      'write ConfigMap lunward-app',
      'write lunward.lock.json',
      'write Deployment app',
    ]);
    // Its own Deployment may be changed by anyone until the app runs; before the rollback ends, the fence keeps it from the volume that it left.
    expect(world.changes.slice(-4)).toEqual([
      'patch Deployment app',
      'write ValidatingAdmissionPolicy lunward-media.app',
      'write ValidatingAdmissionPolicyBinding lunward-media.app',
      'write ConfigMap lunward-app',
    ]);
  });

  it('shows, before the approval, what the app wrote since', async () => {
    const world = await moved(pair);
    const shown: RollbackPlan[] = [];
    await changesNothing(
      world,
      () => world.migrator.rollback('app', { approve: [], onPlan: (plan) => shown.push(plan) }),
      NotApproved,
    );
    const written = { changed: { files: { names: ['library.db'] } }, added: { files: { count: 0 } } };
    expect(shown).toMatchObject([{ app: 'app', isAgain: false, volumes: [{ latest: { attempt: 1 }, written }] }]);
    const [{ digest } = { digest: '' }] = shown;
    world.place(target).files = { ...world.place(target).files, 'more.xml': '' };
    expect(await world.migrator.rollback('app', { approve: [digest] })).toMatchObject({ result: 'changed' });
  });

  it('refuses pods of the target', async () => {
    const world = await rolledBack();
    const policy = world.cluster.find<{ spec: { validations: [{ expression: string }] } }>(
      'ValidatingAdmissionPolicy',
      'lunward-media.app',
    );
    expect(policy?.spec.validations[0].expression).toContain('"config-2"');
  });

  it('is undone by the next one, with the target’s data', async () => {
    const world = await rolledBack();
    expect(await world.migrator.rollback('app', { approve: yes })).toEqual({
      result: 'changed',
      isAgain: true,
      isDown: false,
      live: ['config-2'],
      left: ['config'],
    });
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.place(target).marker).toMatchObject({ state: 'sealed', attempt: 2 });
    expect(world.lock.sealed?.app?.['config-2']).toMatchObject({ attempt: 2 });
    expect(world.rows(target)).toEqual(['row of before', 'row of app-1', 'row of app-2', 'row of app-4']);
    expect(world.told).toContain('resealed');
  });

  it('is undone by a rollback, which can be undone too', async () => {
    const world = await rolledBack();
    for (const live of ['config-2', 'config', 'config-2']) {
      expect(await world.migrator.rollback('app', { approve: yes })).toMatchObject({ result: 'changed', live: [live] });
      expect(world.runsOn).toEqual([live]);
    }
    expect(world.place(target).marker).toMatchObject({ attempt: 3 });
  });

  it('of an app that is stopped only starts it again, without asking', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    expect(await world.migrator.rollback('app', { approve: [] })).toEqual({
      result: 'changed',
      isAgain: false,
      isDown: false,
      live: ['config'],
      left: [],
    });
    expect(world.runsOn).toEqual(['config']);
    expect(world.states(target).at(-1)).toBe('rolled-back');
    expect(world.journal.cutover).toBeUndefined();
  });

  it('changes nothing if it is interrupted before the stop', async () => {
    const world = await moved(pair);
    const signal = AbortSignal.abort();
    await changesNothing(world, () => world.migrator.rollback('app', { approve: yes, signal }), Interrupted);
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('that is interrupted after the app is asked to stop finishes, so the app is not left down', async () => {
    const world = await moved(pair);
    const controller = new AbortController();
    world.process.onChange = (name) => name === 'patch Deployment app' && controller.abort();
    const { signal } = controller;
    expect(await world.migrator.rollback('app', { approve: yes, signal })).toMatchObject({ result: 'changed' });
    expect([world.runsOn, world.journal.cutover]).toEqual([['config'], undefined]);
  });

  it('has nothing to do for an app that was never moved', async () => {
    for (const world of [World.running(pair), await prepared(pair)]) {
      let result: unknown;
      await changesNothing(world, async () => {
        result = await world.migrator.rollback('app', { approve: [] });
      });
      expect(result).toEqual({ result: 'unchanged', retired: [] });
      expect(world.runsOn).toEqual(['config']);
    }
  });

  it('does not stop the app if the source can’t be mounted', async () => {
    const world = await moved(pair);
    const claim = world.cluster.find<object>('PersistentVolumeClaim', 'config', 'media');
    await world.cluster.client.delete({ ...claim, kind: 'PersistentVolumeClaim' } as never);
    begin(world);
    await changesNothing(world, () => world.migrator.rollback('app', { approve: yes }), NoWayBack);
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('without admission leaves a marker that makes guards in old manifests refuse', async () => {
    const world = World.running(pair);
    world.cluster.hasAdmission = false;
    await world.migrator.migrate('app', { approve: yes });
    const old = world.cluster.find<object>('Deployment', 'app', 'media');
    await world.migrator.rollback('app', { approve: yes });
    expect(world.place(target).marker).toMatchObject({ state: 'sealed', attempt: 2 });
    world.cluster.apply({ ...old });
    expect(world.runsOn).toEqual([]);
    expect(world.rows(target)).toHaveLength(3);
  });

  it('is followed by a move to a new generation, not to the abandoned one', async () => {
    const world = await rolledBack();
    const plans = await world.migrator.plan('app');
    expect(
      plans.some(({ planned }) => planned.refusals),
      to,
    ).toBe(true);
    expect(world.changes).toEqual([]);
  });
});
