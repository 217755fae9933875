import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../lib/core/error-codes';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { useFastClock } from '../clock';
import { recorded } from '../recorded-worlds';
import { DAMAGED } from '../world/probing';
import { DATABASE } from '../world/storage';
import { yes } from '../world/world';
import { changesNothing } from './cases';
import { RecordedWorld } from './recorded-world';

useFastClock();

// Each is opened once to choose by, and again for each test, which changes it.
const worlds = recorded.map(([name, one]) => ({
  seen: new RecordedWorld(name, one),
  open: () => new RecordedWorld(name, one),
  name,
}));
const chosen = (which: (one: RecordedWorld) => boolean) =>
  worlds.filter(({ seen }) => which(seen)).map(({ name, open }) => [name, open] as const);

/** Fails unless the work is refused with this code, and leaves everything as it was. */
async function refuses({ world }: RecordedWorld, work: () => Promise<unknown>, code: ErrorCode): Promise<void> {
  await changesNothing(world, () => expect(work()).rejects.toMatchObject({ code }));
}

describe('verify, of a journal of version 1,', () => {
  const onTarget = chosen((one) => one.isOnTarget);

  it.each(onTarget)('reads the app’s live volume: %s', async (_, open) => {
    const { world, latest, recorded: was } = open();
    const isLocked = was.lock.live['/config'] === 'config-2';
    const isSwitched = was.claim === 'config-2';
    const hasWritten = isSwitched && was.replicas > 0;
    let mounts: Awaited<ReturnType<typeof world.migrator.verify>> = [];
    await changesNothing(world, async () => {
      mounts = await world.migrator.verify('app');
    });
    expect(mounts).toEqual([expect.objectContaining({ claim: 'config-2', attempt: was.marked, sealedAt: latest.at })]);
    const [{ found, findings }] = mounts as [(typeof mounts)[number]];
    expect(found).toMatchObject({
      sealed: { files: 2 },
      damaged: { files: { count: 0 } },
      changed: { files: { names: hasWritten ? [DATABASE] : [] } },
    });
    // A move that was cut off before it wrote the lock file, or before it switched to the claim, which the switch makes. No world has a fence.
    const expected = [
      ...(isLocked ? [] : ['lock-differs']),
      ...(isSwitched ? [] : ['mount-differs', 'claim-missing']),
      'fence-missing',
    ];
    expect(findings.map(({ code }) => code)).toEqual(expected);
  });

  it.each(onTarget)('finds damage: %s', async (_, open) => {
    const { world, target } = open();
    const place = world.place(target);
    place.files = { ...place.files, 'settings.xml': DAMAGED };
    const [mount] = await world.migrator.verify('app');
    expect(mount?.findings.map(({ code }) => code)).toContain('file-damaged');
    expect(mount?.found?.damaged.files.names).toEqual(['settings.xml']);
  });

  it.each(onTarget)('finds another attempt on the volume: %s', async (_, open) => {
    const { world, target } = open();
    const place = world.place(target);
    Object.assign(place, { marker: { ...place.marker, attempt: 7 } });
    const [mount] = await world.migrator.verify('app');
    expect(mount?.findings.map(({ code }) => code)).toContain('not-verified');
  });

  it.each(chosen((one) => !one.isOnTarget))('has nothing to compare with: %s', async (_, open) => {
    const one = open();
    await refuses(one, () => one.world.migrator.verify('app'), 'not-sealed');
  });
});

describe('retire, of a journal of version 1,', () => {
  it.each(chosen(({ isSettled, live }) => isSettled && live !== undefined))(
    'removes what was left: %s',
    async (_, open) => {
      const one = open();
      const { world, source, target, live } = one;
      const [left, kept] = live === 'config-2' ? [source, target] : [target, source];
      const places = structuredClone([world.place(left), world.place(kept)]);
      const entries = world.journal.volumes;
      expect([one.objects(left.name), one.objects(kept.name)]).toEqual([
        [true, true],
        [true, true],
      ]);
      expect(await world.migrator.retire('app', { approve: yes })).toMatchObject({
        result: 'changed',
        claims: [left.name],
      });
      expect([one.objects(left.name), one.objects(kept.name)]).toEqual([
        [false, false],
        [true, true],
      ]);
      expect([world.place(left), world.place(kept)]).toEqual(places);
      expect([world.runsOn, world.lock.live]).toEqual([[kept.name], { app: { '/config': kept.name } }]);
      expect(world.journal).toMatchObject({ version: 2, live: { '/config': kept.name }, retired: [left.name] });
      expect(world.journal.volumes['config-2']).toHaveLength(entries['config-2']?.length ?? 0);
      await changesNothing(world, async () => {
        expect(await world.migrator.retire('app', { approve: [] })).toMatchObject({ result: 'unchanged' });
      });
    },
  );

  it.each(chosen(({ isSettled, live }) => isSettled && live === undefined))(
    'has nothing to do: %s',
    async (_, open) => {
      const { world } = open();
      await changesNothing(world, async () => {
        expect(await world.migrator.retire('app', { approve: [] })).toMatchObject({ result: 'unchanged', claims: [] });
      });
    },
  );

  it.each(chosen((one) => !one.isSettled))('is refused while the app is being moved: %s', async (_, open) => {
    const one = open();
    const { world } = one;
    const refused = () => world.migrator.retire('app', { approve: yes });
    const standing = () => [world.runsOn, world.journal, structuredClone(world.storage.snapshot)];
    const before = standing();
    await expect(refused()).rejects.toMatchObject({ code: 'move-under-way' });
    // The recorded worlds have no fence, and a killed run may not have written the lock file: the command writes both.
    const { policy, binding } = fenceRefs({ app: 'app', namespace: 'media' });
    const settled = [
      'write lunward.lock.json',
      ...[policy, binding].map((one) => `create ${one.kind} ${one.metadata.name}`),
    ];
    expect(settled).toEqual(expect.arrayContaining(world.changes));
    expect(standing()).toEqual(before);
    await refuses(one, refused, 'move-under-way');
  });
});

describe('rollback, of a journal of version 1,', () => {
  it.each(chosen((one) => !one.isSettled || one.live === 'config-2'))(
    'ends on the source, and can be retired: %s',
    async (_, open) => {
      const one = open();
      const { world, target, live, recorded: was } = one;
      const rows = world.rows(target);
      await world.migrator.rollback('app', { approve: yes });
      expect([world.runsOn, world.journal.cutover]).toEqual([['config'], undefined]);
      expect([world.rows(target), world.states(target).at(-1)]).toEqual([
        rows,
        was.sealed ? 'rolled-back' : 'prepared',
      ]);
      await refuses(one, () => world.migrator.verify('app'), 'not-sealed');
      // The lock file has what the journal knows, even if an earlier run was killed before it wrote the lock file.
      const isLeft = live !== undefined;
      expect(await world.migrator.retire('app', { approve: yes })).toMatchObject({
        claims: isLeft ? ['config-2'] : [],
      });
      expect([one.objects('config'), one.objects('config-2')]).toEqual([
        [true, true],
        [false, false],
      ]);
      expect([world.runsOn, world.rows(target), world.storage.violations]).toEqual([['config'], rows, []]);
    },
  );
});

it('each recorded world is verified or refused, and retired or refused', () => {
  const verified = chosen((one) => one.isOnTarget).length;
  const underWay = chosen((one) => !one.isSettled).length;
  expect([worlds.length, verified, underWay]).toEqual([92, 40, 76]);
});
