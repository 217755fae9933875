import { describe, expect, it, vi } from 'vitest';
import { cutOver } from '../../lib/migration/cut-over';
import { useFastClock } from './clock';
import { FenceWorld, placesIn } from './fence-world';

// What waits for a cluster waits for nobody here.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

useFastClock();

const cut = (work: Promise<void>) => work.catch(() => {});
const moved = async (hasHistory: boolean) => {
  const world = new FenceWorld(hasHistory);
  await world.move();
  return world;
};
const whenLeft = { claims: ['config-first', 'config', 'data'], workloads: true };
const whenBack = { claims: ['config-first', 'config-2', 'data'], workloads: true };

describe('the fence of an app that was moved before', () => {
  it('refuses everything that was ever left once it is moved again, at the other mount too', async () => {
    const world = await moved(true);
    expect(world.fence).toMatchObject(whenLeft);
    expect(world.fence?.message).toMatch(/config-2 \(\/config\), data-2 \(\/data\).*config-first, config, data\)/);
  });

  it('refuses all but the target while the app is stopped, and lets its own Deployment be scaled', async () => {
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
    expect(during).toMatchObject({ claims: ['config-first', 'config', 'data'], workloads: false });
  });

  it('is that of the moves before where the last one was killed anywhere and rolled back', async () => {
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

  it('is the same where the rollback was killed anywhere as well, and run again', async () => {
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

  it('is that of the moves before where the last one fails before the switch', async () => {
    const world = new FenceWorld(true);
    world.fault = { finalDeclines: true };
    await expect(world.move()).rejects.toThrow(/the volume is full/);
    expect(world.fence).toMatchObject(whenBack);
  });

  it('lets the app start on its new volume where a rollback was cut off and the move is run again', async () => {
    const clean = await moved(true);
    await clean.goBack();
    for (const place of placesIn(clean)) {
      const world = await moved(true);
      await cut(world.goBack(place));
      if (world.journal.cutover?.phase !== 'stop') continue;
      await world.move();
      expect(world.fence, `place ${place}`).toMatchObject(whenLeft);
      expect(world.state, `place ${place}`).toMatchObject({ claim: 'config-2', replicas: 1, cutover: undefined });
    }
  });

  it('refuses the same after it was rolled back, moved again, and that was undone', async () => {
    const world = await moved(true);
    await world.goBack();
    await world.move();
    expect(world.fence).toMatchObject(whenLeft);
    await world.goBack();
    // Stopped, and not switched.
    await cut(world.move(9));
    expect(world.journal).toMatchObject({ live: { '/config': 'config' }, cutover: { phase: 'stop' } });
    await world.goBack();
    expect(world.fence).toMatchObject(whenBack);
  });
});

describe('the fence of an app that was never moved', () => {
  it('is lifted where its first move never switched', async () => {
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
