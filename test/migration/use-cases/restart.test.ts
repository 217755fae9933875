import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import type { Fault } from '../world/changes';
import { World, yes } from '../world/world';
import { abortedAt, begin, changesNothing, moved, prepared, toLuns } from './cases';

useFastClock();

const first = lun('config');
const codeIn = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: UserError) => error.code,
  );
const restarted = (world: World, signal?: AbortSignal) =>
  world.migrator.restart('app', { approve: yes, ...(signal && { signal }) });

describe.each(toLuns)('restarting an app that was moved from %s to %s', (_from, _to, pair) => {
  const [, target] = pair;

  it('stops it, checks the unused volume, and starts it on the same volume', async () => {
    const world = await moved(pair);
    world.place(target).trouble = { stopped: 'emergency_ro' };
    const rows = world.rows(target);
    const { live, before } = world.journal;
    const result = await restarted(world);
    expect(result).toMatchObject({
      app: 'app',
      checks: [{ claim: 'config-2', result: 'changed' }],
      pod: { name: 'app-3', node: 'node-b' },
      findings: [],
    });
    expect(world.told).toEqual(['heldBack', 'stopping', 'stopped', 'checked', 'starting', 'ready']);
    expect(world.journal).toMatchObject({ live, before });
    expect(world.journal.cutover).toBeUndefined();
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.rows(target)).toEqual([...rows, 'row of app-3']);
    expect(world.storage.violations).toEqual([]);
  });

  it('leaves it down if the check needs a decision, refuses its pods, and continues after the repair', async () => {
    const world = await moved(pair);
    world.place(target).damage = 'e2fsck needs an answer: run e2fsck -f DISK';
    await expect(restarted(world)).rejects.toThrow(/run e2fsck -f DISK.*It is DOWN.*"lunward restart app" goes on/);
    expect(world.runsOn).toEqual([]);
    expect(world.journal.cutover?.phase).toBe('restarting');
    // As somebody who scales it up again.
    world.apply();
    expect(world.runsOn).toEqual([]);
    for (const work of [
      () => world.migrator.migrate('app', { approve: yes }),
      () => world.migrator.rollback('app', { approve: yes }),
      () => world.migrator.abort('app', { approve: yes }),
      () => world.migrator.retire('app', { approve: yes }),
    ]) {
      await expect(work()).rejects.toThrow(/lunward restart app/);
    }
    expect(world.runsOn).toEqual([]);
    delete world.place(target).damage;
    await restarted(world);
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('does not check another file system than the one that was sealed', async () => {
    const world = await moved(pair);
    world.place(target).uuid = '0fa1f5d4-0000-4000-8000-00000000000f';
    await expect(restarted(world)).rejects.toThrow(/UUID/);
    expect(world.runsOn).toEqual([]);
  });

  it('does not restart an app that an earlier run has started', async () => {
    const undisturbed = await moved(pair);
    await restarted(undisturbed);
    const place = undisturbed.changes.findLastIndex((name) => name.includes('Deployment'));
    const world = await moved(pair);
    world.process.killIn(place + 1);
    await restarted(world).catch(() => {});
    world.process.revive();
    const pods = world.rows(target).length;
    await restarted(world);
    expect(world.rows(target)).toHaveLength(pods === undisturbed.rows(target).length ? pods : pods + 1);
    expect(world.storage.violations).toEqual([]);
  });

  it('can be interrupted before the app is stopped, but not after', async () => {
    const early = await moved(pair);
    await changesNothing(early, () => restarted(early, AbortSignal.abort()), Interrupted);
    const late = await moved(pair);
    await restarted(
      late,
      abortedAt(late, ({ type }) => type === 'stopped'),
    );
    expect(late.runsOn).toEqual(['config-2']);
  });
});

it('an app that was never moved is restarted, and nothing is fenced afterwards', async () => {
  const world = begin(World.running([first]));
  expect(await restarted(world)).toMatchObject({ checks: [{ claim: 'config' }] });
  expect(world.runsOn).toEqual(['config']);
  expect(world.cluster.find('ValidatingAdmissionPolicy', 'lunward-media.app')).toBeUndefined();
});

it('an app that was not running is checked and not started', async () => {
  const world = begin(World.running([first]));
  world.stop();
  const result = await restarted(world);
  expect(result.checks).toHaveLength(1);
  expect(result.pod).toBeUndefined();
  expect(world.runsOn).toEqual([]);
});

describe('nothing is changed', () => {
  it('without an approval', async () => {
    const world = begin(World.running([first]));
    await changesNothing(world, () => world.migrator.restart('app', { approve: [] }), NotApproved);
  });

  it('for an app whose disk does not answer: its node could not unmount it', async () => {
    const world = begin(World.running([first]));
    world.place(first).trouble = { diskState: 'blocked', disk: 'hangs' };
    await changesNothing(world, () => restarted(world), UserError);
  });

  it('for an app with a node that has the initiator name of another one: the check logs in', async () => {
    const world = begin(World.running([first]));
    for (const { machine } of world.nodes) machine.initiatorName = 'iqn.2000-01.com.example:cloned';
    await changesNothing(world, () => restarted(world), UserError);
    await expect(restarted(world)).rejects.toMatchObject({ advice: [{ code: 'initiator-name-shared' }] });
  });

  it('for an app whose node has the initiator name of another one: it is logged in to the target', async () => {
    const world = begin(World.running([first]));
    world.addNode('node-c').machine.initiatorName = 'iqn.2000-01.com.example:node-b';
    await changesNothing(world, () => restarted(world), UserError);
    await expect(restarted(world)).rejects.toMatchObject({
      advice: [{ code: 'initiator-name-shared', subject: 'node-c' }],
    });
  });

  it('for an app without a file system of its own', async () => {
    const world = begin(World.running([share('config')]));
    expect(await codeIn(restarted(world))).toBe('no-such-volume');
  });

  it('for an app whose node does not answer', async () => {
    const world = begin(World.running([first]));
    world.addresses['node-a'] = 'node-b';
    await changesNothing(world, () => restarted(world), UserError);
  });

  it('for an app in the middle of a move, and the next command is named', async () => {
    const world = await prepared([first, lun('config-2')]);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    await expect(restarted(world)).rejects.toThrow(/"lunward migrate app" resumes/);
    expect(world.runsOn).toEqual([]);
    expect(await codeIn(restarted(world))).toBe('move-under-way');
  });
});

describe('of nodes that share an initiator name, none logs in', () => {
  const logins = (world: World) =>
    world.process.asked.filter((name) => /superblock-errors|check-file-system/.test(name));

  it('another node does the check if they have nothing to do with the volume', async () => {
    const world = begin(World.running([first]));
    world.addNode('node-c').machine.initiatorName = 'iqn.2000-01.com.example:node-a';
    expect(await restarted(world)).toMatchObject({ checks: [{ node: 'node-b' }], pod: { node: 'node-b' } });
    expect(logins(world)).not.toContainEqual(expect.stringMatching(/node-[ac]/));
    expect(world.storage.violations).toEqual([]);
  });

  it('a resumed restart leaves the app down if they are all that is left', async () => {
    const world = begin(World.running([first]));
    world.place(first).damage = 'e2fsck needs an answer: run e2fsck -f DISK';
    await restarted(world).catch(() => {});
    delete world.place(first).damage;
    for (const { machine } of world.nodes) machine.initiatorName = 'iqn.2000-01.com.example:cloned';
    world.process.asked.length = 0;
    await expect(restarted(world)).rejects.toThrow(/It is DOWN.*"lunward restart app" goes on/s);
    expect(logins(world)).toEqual([]);
    for (const [index, { machine }] of world.nodes.entries()) {
      machine.initiatorName = `iqn.2000-01.com.example:${index}`;
    }
    await restarted(world);
    expect(world.runsOn).toEqual(['config']);
  });

  it('a node that does not answer may have the name of any, so the restart waits for it', async () => {
    const world = begin(World.running([first]));
    const silent = world.addNode('node-c').machine;
    silent.initiatorName = 'iqn.2000-01.com.example:node-a';
    world.onEvent = ({ type }) => {
      if (type === 'stopped') world.addresses['node-c'] = 'node-b';
    };
    await expect(restarted(world)).rejects.toThrow(/node-c/);
    expect(logins(world)).toEqual([]);
  });
});

it('a plan shows that a restart is under way', async () => {
  const world = await moved([first, lun('config-2')]);
  world.place(lun('config-2')).damage = 'it needs an answer';
  await restarted(world).catch(() => {});
  const [plan] = await world.migrator.plan('app');
  expect(plan?.planned.refusals).toEqual([expect.objectContaining({ code: 'restart-under-way' })]);
  expect(await codeIn(world.migrator.migrate('app', { approve: yes }))).toBe(new PlanRefused([]).code);
});

describe('if a request fails', () => {
  const pair = [lun('config'), lun('config-2')] as const;
  const faultsOf = (name: string): Fault[] =>
    /^(write|create|patch|delete) /.test(name) ? ['request lost', 'answer lost', 'refused'] : ['request lost'];

  it.each([
    ['once', 3, (at: number, place: number) => at === place],
    ['for the rest of the run', 7, (at: number, place: number) => at >= place],
  ])('%s: the app runs or is reported as down, and the same command continues', async (_, every, isNow) => {
    const clean = await moved(pair);
    clean.process.asked.length = 0;
    await restarted(clean);
    expect(clean.process.asked.length).toBeGreaterThan(30);
    // All places take minutes.
    for (const [place, name] of [...clean.process.asked.entries()].filter(([at]) => at % every === 0)) {
      for (const fault of faultsOf(name)) {
        const world = await moved(pair);
        const subject = `${fault} at ${place}, ${name}`;
        world.process.asked.length = 0;
        world.process.faultAt = (at) => (isNow(at, place) ? fault : undefined);
        const error = await restarted(world).then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        world.process.revive();
        if (world.runsOn.length === 0) {
          expect(error?.message, subject).toMatch(/It is DOWN|could not be read from the cluster/);
        } else expect(world.runsOn, subject).toEqual(['config-2']);
        await restarted(world);
        expect([world.runsOn, world.journal.cutover], subject).toEqual([['config-2'], undefined]);
        expect(world.storage.violations, subject).toEqual([]);
        const rows = world.rows(pair[1]);
        for (const { row } of world.storage.acknowledged) expect(rows, subject).toContain(row);
      }
    }
  });
});
