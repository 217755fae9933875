import { describe, expect, it } from 'vitest';
import { cutOver } from '../../lib/migration/cutover/cut-over';
import { useFastClock } from './clock';
import { FenceWorld, placesIn } from './fence-world';

useFastClock();

const cut = (work: Promise<unknown>) => work.catch(() => {});
const moved = async (hasHistory: boolean) => {
  const world = new FenceWorld(hasHistory);
  await world.move();
  return world;
};
const whenLeft = { claims: ['config', 'config-first', 'data'], workloads: true };
const whenBack = { claims: ['config-2', 'config-first', 'data'], workloads: true };

describe('the fence of an app that was moved several times', () => {
  it('refuses every volume that the app ever left, at the other mount too', async () => {
    const world = await moved(true);
    expect(world.fence).toMatchObject(whenLeft);
    expect(world.fence?.message).toMatch(/config-2 \(\/config\), data-2 \(\/data\).*config, config-first, data\)/);
  });

  it('refuses all volumes but the target while the app is stopped, and allows scaling its own Deployment', async () => {
    const world = new FenceWorld(true);
    const site = await world.site();
    const stop = site.owner.stop;
    let during: FenceWorld['fence'];
    const owner = {
      ...site.owner,
      stop: () => {
        during = world.fence;
        return stop();
      },
    };
    await cutOver({ ...site, owner }, [world.volume], { onUnhealthy: 'rollback' });
    expect(during).toMatchObject({ claims: ['config', 'config-first', 'data'], workloads: false });
  });

  it('is that of the earlier moves if the last one was killed at any place and rolled back', async () => {
    const places = placesIn(await moved(true));
    expect(places.length).toBeGreaterThan(20);
    for (const place of places) {
      const world = new FenceWorld(true);
      await cut(world.move(place));
      // Killed before its first line in the journal: nothing was begun, so nothing is put.
      const isBegun = world.journal.cutover !== undefined || world.journal.live?.['/config'] === 'config-2';
      await world.goBack();
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config', replicas: 1, cutover: undefined });
      if (isBegun) expect(world.fence, `place ${place}`).toMatchObject(whenBack);
    }
  });

  it('is the same if the rollback was killed at any place too, and run again', async () => {
    const clean = await moved(true);
    await clean.goBack();
    expect(clean.fence).toMatchObject(whenBack);
    for (const place of placesIn(clean)) {
      const world = await moved(true);
      await cut(world.goBack(place));
      await world.goBack();
      expect(world.fence, `place ${place}`).toEqual(clean.fence);
    }
  });

  it.each([false, true])(
    'lets a move that was killed at any place go on, and be rolled back: the claim is switched by the start: %s',
    async (startsAsItSwitches) => {
      const world = () => Object.assign(new FenceWorld(true), { startsAsItSwitches });
      const clean = world();
      await clean.move();
      for (const place of placesIn(clean)) {
        const resumed = world();
        await cut(resumed.move(place));
        if (resumed.journal.cutover || resumed.journal.live?.['/config'] !== 'config-2') await resumed.move();
        expect(resumed.state, `place ${place}`).toMatchObject({ claim: 'config-2', replicas: 1, cutover: undefined });
        expect(resumed.fence, `place ${place}`).toMatchObject(whenLeft);
        await cut(resumed.goBack(place));
        await resumed.goBack();
        expect(resumed.state, `place ${place}`).toMatchObject({ claim: 'config', replicas: 1, cutover: undefined });
        expect(resumed.fence, `place ${place}`).toMatchObject(whenBack);
      }
    },
  );

  it('is that of the earlier moves if the last one fails before the switch', async () => {
    const world = new FenceWorld(true);
    world.fault = { finalDeclines: true };
    await expect(world.move()).rejects.toMatchObject({ code: 'step-declined' });
    expect(world.fence).toMatchObject(whenBack);
  });

  it('does not keep the app from its old volume if it can no longer be proven, and says so', async () => {
    const world = new FenceWorld(true);
    world.isProbeRefused = true;
    await expect(world.move()).rejects.toMatchObject({ code: 'fence-not-proven' });
    expect(world.state).toMatchObject({ claim: 'config', replicas: 1, cutover: undefined });
    expect(world.reported).toContainEqual({
      type: 'fenceNotProven',
      reason: expect.stringMatching(/no image of that registry/),
    });
    expect(world.fence).toMatchObject(whenBack);
  });

  it('does not keep an app down that a rollback has stopped, if it can no longer be proven', async () => {
    const clean = await moved(true);
    await clean.goBack();
    for (const place of placesIn(clean)) {
      const world = await moved(true);
      await cut(world.goBack(place));
      if (world.journal.cutover?.phase !== 'rolling-back' || world.replicas > 0) continue;
      world.isProbeRefused = true;
      await expect(world.move(), `place ${place}`).rejects.toMatchObject({ code: 'fence-not-proven' });
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config-2', replicas: 1 });
      world.isProbeRefused = false;
      await world.move();
      expect(world.fence, `place ${place}`).toMatchObject(whenLeft);
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config-2', replicas: 1, cutover: undefined });
    }
  });

  it.each([true, false])(
    'prevents a rollback from stopping the app if it can’t be proven, and the journal stays as it was: moved before %s',
    async (hasHistory) => {
      const world = await moved(hasHistory);
      const { fence, journal } = world;
      world.isProbeRefused = true;
      await expect(world.goBack()).rejects.toThrow(/no image of that registry/);
      expect(world.state).toMatchObject({ claim: 'config-2', replicas: 1, cutover: undefined, latest: 'sealed' });
      expect([world.fence, world.journal.live]).toEqual([fence, journal.live]);
      world.isProbeRefused = false;
      await world.goBack();
      expect(world.state).toMatchObject({ claim: 'config', replicas: 1, cutover: undefined, latest: 'rolled-back' });
    },
  );

  it('lets the app start on its new volume if a rollback was killed and the move is run again', async () => {
    const clean = await moved(true);
    await clean.goBack();
    for (const place of placesIn(clean)) {
      const world = await moved(true);
      await cut(world.goBack(place));
      if (world.journal.cutover?.phase !== 'rolling-back') continue;
      await world.move();
      expect(world.fence, `place ${place}`).toMatchObject(whenLeft);
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config-2', replicas: 1, cutover: undefined });
    }
  });

  it('refuses the same volumes after a rollback, another move, and the rollback of that move', async () => {
    const world = await moved(true);
    await world.goBack();
    await world.move();
    expect(world.fence).toMatchObject(whenLeft);
    await world.goBack();
    // Stopped, and not switched.
    await cut(world.move(9));
    expect(world.journal).toMatchObject({ live: { '/config': 'config' }, cutover: { phase: 'stopping' } });
    await world.goBack();
    expect(world.fence).toMatchObject(whenBack);
  });
});

describe('the fence of an app that was never moved', () => {
  it('is removed if its first move never switched', async () => {
    for (const place of placesIn(await moved(false))) {
      const world = new FenceWorld();
      await cut(world.move(place));
      const wasSwitched = world.journal.live !== undefined;
      await world.goBack();
      const expected = wasSwitched ? { claims: ['config-2'], workloads: true } : undefined;
      if (expected) expect(world.fence, `place ${place}`).toMatchObject(expected);
      else expect(world.fence, `place ${place}`).toBeUndefined();
    }
  });
});

describe('a cluster without a fence', () => {
  const unfenced = (hasHistory = false) => {
    const world = new FenceWorld(hasHistory);
    world.isWithoutAdmission = true;
    return world;
  };
  const movedThere = async () => {
    const world = unfenced();
    await world.move();
    return world;
  };

  it('has a report that names every claim that nothing protects', async () => {
    expect(await unfenced(true).move()).toMatchObject({ unfenced: ['config', 'config-first', 'data'] });
    expect(await new FenceWorld(true).move()).not.toHaveProperty('unfenced');
  });

  it('compares each source once more before the switch, and rolls back if it changed', async () => {
    const world = unfenced();
    world.fault = { sourceChanges: true };
    await expect(world.move()).rejects.toMatchObject({ code: 'source-changed' });
    expect(world.state).toMatchObject({ claim: 'config', replicas: 1, cutover: undefined, latest: 'rolled-back' });
    expect(world.starts).not.toContain('config-2');
  });

  it('has a guard that refuses the volume after a rollback: marker, journal and lock file have a new attempt number', async () => {
    const world = await movedThere();
    await world.goBack();
    expect(world.state).toMatchObject({ claim: 'config', marked: 2, latest: 'rolled-back' });
    expect(world.lock.sealed).toMatchObject({ 'config-2': { attempt: 2 } });
    expect(world.reported.at(-1)?.type).toBe('unfenced');
    await world.move();
    expect(world.state).toMatchObject({ claim: 'config-2', marked: 3, latest: 'sealed' });
    expect(world.lock.sealed).toMatchObject({ 'config-2': { attempt: 3 } });
  });

  it('has the same marker and journal if the rollback was killed at any place and run again', async () => {
    const clean = await movedThere();
    await clean.goBack();
    for (const place of placesIn(clean)) {
      const world = await movedThere();
      await cut(world.goBack(place));
      await world.goBack();
      expect(world.state, `place ${place}`).toEqual(clean.state);
      await world.move();
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config-2', marked: 3 });
    }
  });

  it('rolls back even if the new volume can’t be marked, and names that volume', async () => {
    const world = await movedThere();
    world.marked = 7;
    await world.goBack();
    expect(world.state).toMatchObject({
      claim: 'config',
      replicas: 1,
      cutover: undefined,
      marked: 7,
      latest: 'rolled-back',
    });
    expect(world.reported).toContainEqual(expect.objectContaining({ type: 'notAbandoned', volume: 'config-2' }));
    expect(world.reported.at(-1)).toEqual({ type: 'unfenced', claims: ['config-2'] });
  });

  it('does not change the marker if a fence protects the volume', async () => {
    const world = await moved(false);
    await world.goBack();
    expect(world.state).toMatchObject({ claim: 'config', marked: 1, latest: 'rolled-back' });
  });
});
