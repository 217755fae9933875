import { describe, expect, it } from 'vitest';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import { rollBack } from '../../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { useFastClock } from '../clock';
import { Killed, ModelWorld, pairs, volume } from '../model-world';

useFastClock();

const onNew = { replicas: 1, claim: 'config-2', sealed: true, live: { '/config': 'config-2' }, latest: 'sealed' };
const onOld = { replicas: 1, claim: 'config', cutover: undefined };

/** As the command does it: an app that was moved has nothing to move. */
async function move(world: ModelWorld, killAt?: number) {
  const site = await world.site(killAt);
  if (!site.journal.cutover && site.journal.live['/config'] === 'config-2') return undefined;
  return cutOver(site, [world.volume], { onUnhealthy: 'rollback' });
}

/** As the command does it. */
async function goBack(world: ModelWorld, killAt?: number): Promise<void> {
  const site = await world.site(killAt);
  const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
  const last: Cutover = { phase: 'rolling-back', at: '', replicas: world.replicas, volumes };
  const cutover = site.journal.cutover ?? (site.journal.live['/config'] === 'config-2' ? last : undefined);
  if (cutover) await rollBack(site, [world.volume], cutover);
}

/** Every place in a move at which it can be killed. */
async function killPlaces(newWorld: () => ModelWorld): Promise<number[]> {
  const world = newWorld();
  await move(world);
  return world.events.flatMap((_, index) => [2 * index, 2 * index + 1]);
}

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'a cut-over from %s to %s',
  (_, _to, pair) => {
    const newWorld = () => new ModelWorld(pair);

    it('ends with the app on its new volume, and reports how long each part took', async () => {
      const world = newWorld();
      const moved = await move(world);
      expect(world.state).toMatchObject({ ...onNew, cutover: undefined });
      expect(world.lock).toEqual({ live: { '/config': 'config-2' }, sealed: { 'config-2': expect.anything() } });
      expect(world.state.fence).toMatch(/runs on claim config-2 \(\/config\).*not live \(config\)/);
      expect(moved?.parts.map(([part]) => part)).toEqual([
        'fence',
        'stop',
        'copy and verify',
        'release',
        'switch',
        'start',
      ]);
      expect(moved?.healthy).toMatchObject({ pod: 'app-1', node: 'node-b' });
    });

    it('a move killed at any place and run again ends like an undisturbed one', async () => {
      const clean = newWorld();
      await move(clean);
      const places = await killPlaces(newWorld);
      expect(places.length).toBeGreaterThan(20);
      for (const place of places) {
        const world = newWorld();
        await expect(move(world, place), `place ${place}`).rejects.toThrow(Killed);
        await move(world);
        expect(world.state, `place ${place}`).toEqual(clean.state);
      }
    });

    it('a move killed twice and run again ends like an undisturbed one', async () => {
      const clean = newWorld();
      await move(clean);
      const places = await killPlaces(newWorld);
      for (const first of places) {
        // Every fifth, another one each time: all of them take a minute.
        for (const second of places.filter((place) => (place + first) % 5 === 0)) {
          const world = newWorld();
          await move(world, first).catch(() => {});
          await move(world, second).catch(() => {});
          await move(world);
          expect(world.state, `places ${first} and ${second}`).toEqual(clean.state);
        }
      }
    });

    it('a move killed at any place and rolled back ends with the app on its old volume', async () => {
      for (const place of await killPlaces(newWorld)) {
        const world = newWorld();
        await move(world, place).catch(() => {});
        const wasStarted = world.starts.includes('config-2');
        await goBack(world);
        expect(world.state, `place ${place}`).toMatchObject(onOld);
        // What the app has run on and was taken back from is not live again by itself.
        if (wasStarted) expect(world.state.latest, `place ${place}`).toBe('rolled-back');
        expect(world.state.fence ?? '', `place ${place}`).not.toContain('is being');
      }
    });

    it('a rollback killed at any place and repeated ends the same', async () => {
      const clean = newWorld();
      await move(clean);
      await goBack(clean);
      expect(clean.state).toMatchObject({ ...onOld, live: { '/config': 'config' }, latest: 'rolled-back' });
      expect(clean.state.fence).toMatch(/runs on claim config \(\/config\).*not live \(config-2\)/);
      for (const place of clean.events.flatMap((_, index) => [2 * index, 2 * index + 1])) {
        const world = newWorld();
        await move(world);
        await goBack(world, place).catch(() => {});
        await goBack(world);
        expect(world.state, `place ${place}`).toEqual(clean.state);
      }
    });
  },
);

describe('a rollback that is undone', () => {
  const takenBack = async () => {
    const world = new ModelWorld();
    await move(world);
    await goBack(world);
    return world;
  };

  it('returns the app to what it left, sealed as a further attempt', async () => {
    const world = await takenBack();
    await move(world);
    expect(world.state).toMatchObject({ ...onNew, marked: 2, cutover: undefined });
    expect(world.lock.sealed).toMatchObject({ 'config-2': { attempt: 2 } });
    await goBack(world);
    expect(world.state).toMatchObject({ ...onOld, latest: 'rolled-back' });
    await move(world);
    expect(world.state).toMatchObject({ ...onNew, marked: 3 });
  });

  it('killed at any place, ends on the new volume if run again, and on the old one if rolled back', async () => {
    const clean = await takenBack();
    await move(clean);
    const places = clean.events.flatMap((_, index) => [2 * index, 2 * index + 1]);
    expect(places.length).toBeGreaterThan(15);
    for (const place of places) {
      const on = await takenBack();
      await move(on, place).catch(() => {});
      await move(on);
      expect(on.state, `place ${place}`).toEqual(clean.state);
      const back = await takenBack();
      await move(back, place).catch(() => {});
      await goBack(back);
      expect(back.state, `place ${place}`).toMatchObject({ ...onOld, latest: 'rolled-back' });
    }
  });

  it('is refused if the volume is of another attempt, and the app keeps running', async () => {
    const world = await takenBack();
    world.marked = 7;
    await expect(move(world)).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.state).toMatchObject({ ...onOld, latest: 'rolled-back' });
  });
});

describe('a move with a problem', () => {
  it.each([
    ['the last copy declines', { finalDeclines: true }, 'step-declined'],
    ['something still uses the volume', { isBusy: true }, 'storage-in-use'],
  ])('rolls the app back before the switch: %s', async (_, fault, code) => {
    const world = new ModelWorld();
    world.fault = fault;
    await expect(move(world)).rejects.toMatchObject({ code });
    expect(world.state).toMatchObject({
      ...onOld,
      sealed: false,
      live: undefined,
      latest: 'prepared',
      fence: undefined,
    });
    world.fault = {};
    await move(world);
    expect(world.state).toMatchObject(onNew);
  });

  it('rolls back an app that is unhealthy on its new volume, and never starts it there again', async () => {
    const world = new ModelWorld();
    world.fault = { isUnwell: true };
    await expect(move(world)).rejects.toMatchObject({
      code: 'rolled-back',
      message: expect.stringContaining('guard of pod app-1'),
    });
    expect(world.state).toMatchObject({ ...onOld, live: { '/config': 'config' }, latest: 'rolled-back' });
    expect(world.lock.live).toEqual({ '/config': 'config' });
  });

  it('says that the app is down if the rollback fails, and resumes the rollback', async () => {
    const world = new ModelWorld();
    world.fault = { isUnwell: true, staysLoggedIn: 'held' };
    await expect(move(world)).rejects.toMatchObject({
      code: 'rollback-failed',
      message: expect.stringMatching(/is logged in to .* It is DOWN.*"lunward rollback app"/s),
    });
    expect(world.state).toMatchObject({ replicas: 0, cutover: { phase: 'rolling-back' } });
    world.fault = {};
    await goBack(world);
    expect(world.state).toMatchObject({ ...onOld, live: { '/config': 'config' }, latest: 'rolled-back' });
  });

  it('rolls back from a volume that a node is still logged in to without using it', async () => {
    const world = new ModelWorld();
    world.fault = { isUnwell: true, staysLoggedIn: 'idle' };
    await expect(move(world)).rejects.toMatchObject({ code: 'rolled-back' });
    expect(world.state).toMatchObject({ ...onOld, latest: 'rolled-back' });
    expect(world.reported.filter(({ type }) => type === 'loggedOut')).toHaveLength(1);
  });

  it('leaves the app down with --on-unhealthy stop, and can go forward or back', async () => {
    const unwell = async () => {
      const world = new ModelWorld();
      world.fault = { isUnwell: true };
      const site = await world.site();
      await expect(cutOver(site, [volume], { onUnhealthy: 'stop' })).rejects.toMatchObject({
        code: 'stopped-on-target',
      });
      expect(world.state).toMatchObject({
        ...onNew,
        replicas: 0,
        cutover: { phase: 'stopped-on-target', replicas: 1 },
      });
      world.fault = {};
      return world;
    };
    const mended = await unwell();
    await move(mended);
    expect(mended.state).toMatchObject({ ...onNew, cutover: undefined });
    const back = await unwell();
    await goBack(back);
    expect(back.state).toMatchObject(onOld);
  });

  it('does not switch if the source was written to after the seal', async () => {
    const world = new ModelWorld();
    const site = await world.site();
    await cutOver(site, [volume], { until: 'stop', onUnhealthy: 'rollback' });
    expect(world.state).toMatchObject({ replicas: 0, claim: 'config', sealed: true, latest: 'sealed' });
    world.fault = { sourceChanges: true };
    await expect(move(world)).rejects.toMatchObject({ code: 'source-changed' });
    expect(world.state).toMatchObject({ ...onOld, latest: 'rolled-back' });
  });

  it('continues after --until stop', async () => {
    const world = new ModelWorld();
    await cutOver(await world.site(), [volume], { until: 'stop', onUnhealthy: 'rollback' });
    await move(world);
    expect(world.state).toMatchObject({ ...onNew, cutover: undefined });
  });

  it('moves an app that was not running, and does not start it', async () => {
    const world = new ModelWorld();
    world.replicas = 0;
    expect(await move(world)).not.toHaveProperty('healthy');
    expect(world.state).toMatchObject({ ...onNew, replicas: 0, cutover: undefined });
  });
});
