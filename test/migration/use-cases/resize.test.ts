import { describe, expect, it, vi } from 'vitest';
import { resizedText } from '../../../lib/cli/views/resized-text';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { type Resized, volumeToGrow } from '../../../lib/migration/use-cases/resize';
import type { MediaAppProps } from '../../../lib/workload';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { entry } from '../facts';
import { type World, yes } from '../world/world';
import { changesNothing, moved, toLuns } from './cases';

useFastClock();

const GIB = 1024 ** 3;

describe('the volume to grow', () => {
  interface Known {
    readonly latest?: JournalEntry;
    readonly live?: Readonly<Record<string, string>>;
    readonly cutover?: Cutover;
  }
  const of = (props: Partial<MediaAppProps>, mount?: string, known: Known = {}) => {
    const { latest = entry('sealed'), live = {}, cutover } = known;
    const model = resolveApp({ image, ...props }, { name: 'app', namespace: 'media' });
    return () => volumeToGrow('app', model, { live, latest: () => latest, cutover }, mount);
  };
  const two = { config: lun('config'), mounts: { '/data': lun('data') } };

  it('is the only one, or the named one', () => {
    expect(of({ config: lun('config') })()).toMatchObject({ volume: { name: 'config' }, mountPath: '/config' });
    expect(of(two, '/data')()).toMatchObject({ volume: { name: 'data' }, latest: entry('sealed') });
  });

  it.each<[string, Parameters<typeof of>, string]>([
    ['of none', [{ config: share('config') }], 'no-such-volume'],
    ['of two', [two], 'mount-ambiguous'],
    ['of another mount', [two, '/films'], 'no-such-volume'],
    ['that is not sealed', [{ config: lun('config') }, undefined, { latest: entry('building') }], 'not-sealed'],
    [
      'that lock and journal see otherwise',
      [{ config: lun('config') }, undefined, { live: { '/config': 'config-2' } }],
      'lock-differs',
    ],
    [
      'in the middle of a move',
      [{ config: lun('config') }, undefined, { cutover: { phase: 'stopping', at: '', replicas: 1, volumes: [] } }],
      'move-under-way',
    ],
  ])('is refused %s', (_, args, code) => {
    expect(of(...args)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a volume that was grown', () => {
  const resized: Resized = {
    app: 'jellyfin',
    mountPath: '/config',
    volume: lun('config-2', { size: '10Gi' }),
    size: '20Gi',
    before: '10Gi',
    place: { node: { name: 'node-b', runner: undefined as never }, pod: 'jellyfin-1' },
    grown: { fileSystem: 'ext4', lunBytes: 20 * GIB, capacity: { before: 9 * GIB, after: 19 * GIB } },
    asked: '10Gi',
  };

  it('is reported with the line for the description', () => {
    expect(resizedText(resized)).toBe(
      [
        'jellyfin: /config on LUN 1 of iqn.2000-01.com.example:config-2, which has 20 GiB: its ext4 was grown from 9 GiB to 19 GiB for files, on node-b, while pod jellyfin-1 ran',
        'PersistentVolume config-2 says 20Gi (before: 10Gi)',
        'Write it into the description of "config-2"; otherwise the next apply sets it back:',
        "  size: '20Gi', claimSize: '10Gi',",
        '(The claim still requests 10Gi: Kubernetes cannot change the request of a claim without a storage class, and does not use it.)',
      ].join('\n'),
    );
  });

  it('is reported if there was nothing to do', () => {
    const { asked: _, ...unclaimed } = resized;
    const text = resizedText({
      ...unclaimed,
      before: '20Gi',
      volume: lun('config-2', { size: '20480Mi' }),
      grown: { ...resized.grown, capacity: { before: 19 * GIB, after: 19 * GIB } },
    });
    expect(text).toContain('its ext4 already had all of it: 19 GiB for files\nPersistentVolume config-2 says 20Gi\n');
    expect(text).toContain('The description has this size already.');
  });

  it('keeps the size that its claim was made with', () => {
    const written = resizedText({ ...resized, volume: lun('config-2', { size: '20Gi', claimSize: '10Gi' }) });
    expect(written).toContain('The description has this size already.');
    expect(resizedText({ ...resized, volume: lun('config-2', { size: '20Gi' }) })).toContain("claimSize: '10Gi'");
  });
});

describe.each(toLuns)('growing the target of a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;
  const grown = async (bytes = 2 * GIB) => {
    const world = await moved(pair);
    world.place(target).bytes = bytes;
    return world;
  };
  const capacityOf = (world: World) =>
    world.cluster.find<{ spec: { capacity: { storage: string } } }>('PersistentVolume', 'config-2')?.spec.capacity
      .storage;

  it('gives the file system all of the LUN while the app runs, then the journal and the PersistentVolume', async () => {
    const world = await grown();
    expect(await world.migrator.resize('app', '2Gi')).toMatchObject({
      before: '1Gi',
      size: '2Gi',
      place: { node: { name: 'node-b' }, pod: 'app-2' },
      grown: { lunBytes: 2 * GIB, capacity: { before: GIB, after: 2 * GIB } },
      asked: '1Gi',
    });
    expect(world.changes).toEqual([
      'grow-volume on node-b',
      'write ConfigMap lunward-app',
      'patch PersistentVolume config-2',
    ]);
    expect(world.place(target).capacity).toBe(2 * GIB);
    expect(world.journal.volumes['config-2']?.at(-1)).toMatchObject({
      state: 'sealed',
      attempt: 1,
      target: { kind: 'iscsi', bytes: 2 * GIB },
    });
    expect(capacityOf(world)).toBe('2Gi');
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('changes nothing if it is interrupted before that', async () => {
    const world = await grown();
    const signal = AbortSignal.abort();
    await changesNothing(world, () => world.migrator.resize('app', '2Gi', { signal }), Interrupted);
  });

  it('can’t be interrupted while the file system grows', async () => {
    const world = await grown();
    const operator = new AbortController();
    const { record } = world.process;
    vi.spyOn(world.process, 'record').mockImplementation((name) => {
      record.call(world.process, name);
      if (name === 'grow-volume on node-b') operator.abort();
    });
    await world.migrator.resize('app', '2Gi', { signal: operator.signal });
    expect(operator.signal.aborted).toBe(true);
    expect(world.journal.volumes['config-2']?.at(-1)).toMatchObject({ target: { bytes: 2 * GIB } });
    expect(capacityOf(world)).toBe('2Gi');
  });

  it('grows nothing a second time', async () => {
    const world = await grown();
    await world.migrator.resize('app', '2Gi');
    const before = world.snapshot;
    expect(await world.migrator.resize('app', '2Gi')).toMatchObject({ before: '2Gi', grown: { lunBytes: 2 * GIB } });
    expect(world.snapshot).toEqual(before);
  });

  it('is resumed if it was killed after the file system has grown', async () => {
    const world = await grown();
    const { patch } = world.cluster.client;
    world.cluster.client.patch = async () => {
      throw new UserError('the API server refuses it');
    };
    await expect(world.migrator.resize('app', '2Gi')).rejects.toThrow(UserError);
    expect([world.place(target).capacity, capacityOf(world)]).toEqual([2 * GIB, '1Gi']);
    world.cluster.client.patch = patch;
    await world.migrator.resize('app', '2Gi');
    expect(capacityOf(world)).toBe('2Gi');
  });

  it.each([
    ['the LUN was not grown', GIB, '2Gi'],
    ['it has become larger than that', 4 * GIB, '2Gi'],
    ['it is less than the volume has', 2 * GIB, '512Mi'],
    ['it is no size', 2 * GIB, '2 GB'],
  ])('changes nothing if %s', async (_, bytes, size) => {
    const world = await grown(bytes);
    await changesNothing(world, () => world.migrator.resize('app', size), UserError);
  });

  it('changes nothing for a source that was never sealed, even after a rollback to it', async () => {
    const world = await grown();
    await world.migrator.rollback('app', { approve: yes });
    world.place(source).bytes *= 2;
    await changesNothing(world, () => world.migrator.resize('app', '2Gi'), UserError);
  });
});
