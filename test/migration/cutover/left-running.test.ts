import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../lib/core/problems';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import { LeftRunning } from '../../../lib/migration/cutover/left-running';
import { resumeRollback, rollBack } from '../../../lib/migration/cutover/roll-back';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';
import {
  after,
  cutover,
  eventsOfRollback,
  failure,
  goBack,
  killPlaces,
  move,
  restarts,
  running,
  startedThere,
} from '../moves';
import { interruptedAtLook } from '../signals';

const clock = useFastClock();

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'a resumed run, from %s to %s',
  (_, _to, pair) => {
    it('checks an app that runs on its new volume, without a restart', async () => {
      const world = await startedThere(pair);
      await move(world);
      expect(restarts(world)).toEqual([]);
      expect(world.state).toMatchObject({ ...running, cutover: undefined });
      expect(world.lock.live).toEqual({ '/config': 'config-2' });
    });

    it('leaves an unhealthy app running, and asks', async () => {
      for (const reaction of ['rollback', 'stop'] as const) {
        const world = await startedThere(pair);
        world.fault = { isUnwell: true };
        const error = await failure(move(world, undefined, reaction));
        expect(error).toBeInstanceOf(LeftRunning);
        expect(error?.message).toMatch(/"lunward migrate app".*"lunward rollback app"/s);
        expect(restarts(world)).toEqual([]);
        expect(world.state).toMatchObject({ ...running, cutover: { phase: 'switched' } });
        world.fault = {};
        await move(world);
        expect(world.state).toMatchObject({ ...running, cutover: undefined });
      }
    });

    it('restarts nothing, wherever an earlier run was killed after the app started there', async () => {
      for (const place of await killPlaces(pair)) {
        const world = new ModelWorld(pair);
        await failure(move(world, place));
        const wasThere = world.replicas > 0 && world.claim === 'config-2';
        await move(world);
        if (wasThere) expect(restarts(world), `place ${place}`).toEqual([]);
        expect(world.starts, `place ${place}`).toEqual(['config-2']);
      }
    });

    it('starts no pod while another does not end, wherever an earlier run was killed, forward or back', async () => {
      for (const next of [move, goBack]) {
        for (const place of await killPlaces(pair)) {
          const world = new ModelWorld(pair);
          world.fault = { podHangs: true };
          await failure(move(world, place));
          await failure(next(world));
          await failure(next(world));
          expect(world.overlaps, `place ${place}`).toEqual([]);
          world.hanging = undefined;
          world.fault = {};
          await failure(next(world));
          expect([world.replicas, world.overlaps], `place ${place}`).toEqual([1, []]);
        }
      }
    });

    it('starts no second pod while one does not end, on the new volume or the old one', async () => {
      const stopped = await startedThere(pair);
      stopped.hanging = 'config-2';
      stopped.replicas = 0;
      await expect(move(stopped)).rejects.toMatchObject({
        code: 'storage-in-use',
        message: expect.stringMatching(/app-0 on node-b.*It is DOWN/s),
      });
      expect(restarts(stopped)).toEqual([]);
      stopped.hanging = undefined;
      await move(stopped);
      expect(stopped.state).toMatchObject({ ...running, cutover: undefined });
      expect(stopped.overlaps).toEqual([]);
    });
  },
);

describe('an app with a pod that does not end', () => {
  it('is not started again, and is reported as down', async () => {
    const world = new ModelWorld(pairs[1]);
    world.fault = { podHangs: true };
    await expect(move(world)).rejects.toMatchObject({
      code: 'storage-in-use',
      message: expect.stringMatching(/app-0 on node-b.*It is DOWN/s),
    });
    expect([world.replicas, world.overlaps]).toEqual([0, []]);
    world.hanging = undefined;
    world.fault = {};
    await move(world);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });

  it('is not started on its old volume while its new one is in use, when a rollback is resumed', async () => {
    const world = new ModelWorld(pairs[1]);
    await move(world);
    const switches = 2 * (await eventsOfRollback(cutover, pairs[1])).indexOf('owner switches');
    await failure(rollBack(await world.site(switches), [world.volume], cutover));
    expect(world.state).toMatchObject({ replicas: 0, claim: 'config-2', cutover: { phase: 'returning' } });
    world.hanging = 'config-2';
    await expect(resumeRollback(await world.site(), [world.volume])).rejects.toMatchObject({
      code: 'storage-in-use',
    });
    expect([world.replicas, restarts(world)]).toEqual([0, []]);
  });
});

describe('a resumed rollback', () => {
  it('does not restart an app that already runs on the old volume', async () => {
    const clean = new ModelWorld();
    await move(clean);
    await rollBack(await clean.site(), [clean.volume], cutover);
    const started = 2 * clean.events.indexOf('owner starts') + 1;
    const world = new ModelWorld();
    await move(world);
    await failure(rollBack(await world.site(started), [world.volume], cutover));
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config', cutover: { phase: 'returning' } });
    await resumeRollback(await world.site(), [world.volume]);
    expect(restarts(world)).toEqual([]);
    expect(world.state).toEqual(clean.state);
  });
});

describe('an outage during the health check', () => {
  it.each([
    ['the API server', 'apiIsOff'],
    ['the node', 'sshIsOff'],
  ] as const)('is waited out: %s', async (_, whose) => {
    for (const times of [1, 2, 15]) {
      const world = new ModelWorld();
      world.fault = { [whose]: times };
      await move(world);
      expect(world.fault[whose], `${times} times`).toBe(0);
      expect(world.state).toMatchObject({ ...running, cutover: undefined });
      expect(world.starts).toEqual(['config-2']);
    }
  });

  it.each([
    ['the API server', 'apiIsOff', /Whether it runs could not be read/],
    ['the node', 'sshIsOff', /It runs: /],
  ] as const)('leaves the app as it is if it lasts: %s', async (whose, fault, state) => {
    const world = new ModelWorld();
    world.fault = { [fault]: Number.POSITIVE_INFINITY };
    const error = await failure(move(world));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error?.message).toContain(`${whose} does not answer`);
    expect(error?.message).toMatch(state);
    expect(error?.message).not.toContain('DOWN');
    expect(error?.message).toMatch(/By the journal config-2 is live.*"lunward migrate app".*"lunward rollback app"/s);
    expect(world.events.filter((event) => event === 'owner stops')).toHaveLength(1);
    expect(world.state).toMatchObject({ ...running, cutover: { phase: 'switched', replicas: 1 } });
    world.fault = {};
    await move(world);
    expect(restarts(world)).toEqual([]);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });

  it('does not use up the app’s time to become Ready', async () => {
    const world = new ModelWorld();
    world.podIn = 150;
    world.fault = { apiIsOff: 200 };
    await move(world);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });
});

describe('the time of the gate', () => {
  it('ends by the wall clock, so no automatic rollback follows after a sleep', async () => {
    const world = new ModelWorld();
    const site = await world.site();
    world.fault = { isUnwell: true };
    const start = site.owner.start.bind(site.owner);
    const owner = {
      ...site.owner,
      start: async (replicas: number) => {
        await start(replicas);
        clock.jump(3600);
      },
    };
    const error = await failure(cutOver({ ...site, owner }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(error).toBeInstanceOf(LeftRunning);
    expect(world.state).toMatchObject({ ...running, cutover: { phase: 'switched' } });
  });

  it('belongs to no run if an older version wrote the journal', async () => {
    const world = await startedThere();
    world.forgetGate();
    world.fault = { isUnwell: true };
    await expect(move(world)).rejects.toBeInstanceOf(LeftRunning);
    expect(restarts(world)).toEqual([]);
    world.fault = {};
    await move(world);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });

  it('stays in the journal if the app is stopped there', async () => {
    const world = new ModelWorld();
    world.fault = { isUnwell: true };
    await failure(move(world, undefined, 'stop'));
    expect(world.state).toMatchObject({
      replicas: 0,
      cutover: { phase: 'stopped-on-target', gate: { run: expect.any(String) } },
    });
    const error = await failure(move(world, undefined, 'rollback'));
    expect(error).toBeInstanceOf(LeftRunning);
    expect(error?.message).toMatch(/started it there at .*and this is another run.*is live since /s);
  });

  it('is recorded before the app starts there', async () => {
    const newWorld = () => new ModelWorld();
    const world = newWorld();
    await failure(move(world, (await after('owner starts', newWorld)) - 1));
    const { gate } = world.state.cutover;
    expect(Date.parse(gate.until)).toBeGreaterThan(Date.parse(gate.since));
    expect(world.state.replicas).toBe(0);
  });
});

describe('an operator who presses Ctrl-C in', () => {
  it('a resumed run leaves the app running', async () => {
    const world = await startedThere();
    const site = await world.site();
    const { signal } = interruptedAtLook(4);
    const error = await failure(cutOver({ ...site, signal }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(error).toBeInstanceOf(LeftRunning);
    expect(restarts(world)).toEqual([]);
    expect(world.state).toMatchObject({ ...running, cutover: { phase: 'switched' } });
  });
});
