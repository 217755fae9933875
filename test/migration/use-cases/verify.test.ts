import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { DAMAGED } from '../world/probing';
import { World } from '../world/world';
import { changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('verifying an app that was moved from %s to %s', (_from, to, pair) => {
  const [, target] = pair;
  const verified = async (world: World) => {
    let mounts: Awaited<ReturnType<World['migrator']['verify']>> = [];
    await changesNothing(world, async () => {
      mounts = await world.migrator.verify('app');
    });
    return mounts;
  };
  const about = async (world: World) =>
    (await verified(world)).flatMap(({ findings }) =>
      findings.map(({ severity, subject }) => `${severity} ${subject}`),
    );

  it('finds nothing wrong if only the app has written since', async () => {
    const [mount, ...others] = await verified(await moved(pair));
    expect(others).toEqual([]);
    expect(mount).toMatchObject({
      mountPath: '/config',
      claim: 'config-2',
      attempt: 1,
      findings: [],
      found: { damaged: { files: { count: 0 } }, changed: { files: { names: ['library.db'] } } },
    });
    // A folder can be read from anywhere; a LUN only where the app runs.
    expect(mount).toMatchObject(to === 'nfs' ? { isShared: true } : { node: 'node-b', pod: 'app-2' });
  });

  it('reads an unused volume on the node that sealed it', async () => {
    const world = await moved(pair);
    world.stop();
    const [mount] = await verified(world);
    expect(mount).toMatchObject({ node: world.journal.volumes['config-2']?.at(-1)?.node, findings: [] });
    expect(mount?.pod).toBeUndefined();
  });

  it('finds files that changed on the disk, and a list that differs from the journal’s', async () => {
    const world = await moved(pair);
    world.place(target).files = { ...world.place(target).files, 'settings.xml': DAMAGED };
    expect(await about(world)).toEqual(['error PersistentVolume config-2']);
    expect((await verified(world))[0]?.found?.damaged.files.names).toEqual(['settings.xml']);
  });

  it.each<[string, (world: World) => void]>([
    ['the marker is gone', (world) => Object.assign(world.place(target), { marker: undefined })],
    ['the lock file lacks the seal', (world) => Object.assign(world, { lock: { ...world.lock, sealed: {} } })],
    ['the list was changed', (world) => Object.assign(world.place(target), { sealed: { 'library.db': '' } })],
  ])('finds that %s', async (_, change) => {
    const world = await moved(pair);
    change(world);
    expect(await about(world)).toContain('error PersistentVolume config-2');
  });

  it.skipIf(to === 'nfs')('finds a file system that the kernel has stopped', async () => {
    const world = await moved(pair);
    world.place(target).trouble = { stopped: 'emergency_ro' };
    const [mount] = await verified(world);
    expect(mount?.found).toBeDefined();
    expect(mount?.findings).toEqual([
      expect.objectContaining({ code: 'file-system-stopped', severity: 'error', affects: { node: 'node-b' } }),
    ]);
  });

  it.skipIf(to === 'nfs')('reads nothing from a disk that does not answer, and says so', async () => {
    const world = await moved(pair);
    world.place(target).trouble = { diskState: 'blocked', disk: 'hangs' };
    const asked = world.process.asked.length;
    const [mount] = await verified(world);
    expect(mount?.findings.map(({ code }) => code)).toEqual(['not-verified', 'storage-silent']);
    expect(world.process.asked.slice(asked).join()).not.toContain('start unit');
  });

  it.skipIf(to === 'nfs')('finds recorded errors on an unused volume', async () => {
    const world = await moved(pair);
    world.stop();
    const errors = { count: 2, first: '2026-01-31T12:00:00Z', last: '2026-01-31T12:05:00Z', function: '' };
    world.place(target).trouble = { errors };
    const [mount] = await verified(world);
    expect(mount?.findings.map(({ code }) => code)).toEqual(['file-system-errors']);
  });

  it('stops reading when interrupted', async () => {
    const world = await moved(pair);
    const signal = AbortSignal.abort();
    await changesNothing(world, () => world.migrator.verify('app', { signal }), Interrupted);
    expect(world.nodes.flatMap(({ units }) => [...units.keys()])).toEqual([]);
  });

  it('is refused before the target is sealed', async () => {
    const world = await prepared(pair);
    await changesNothing(world, () => world.migrator.verify('app'), UserError);
  });
});

it.each([lun('config'), share('config')])('an app that was never moved has nothing to verify', async (volume) => {
  const world = World.running([volume]);
  await changesNothing(world, () => world.migrator.verify('app'), UserError);
});
