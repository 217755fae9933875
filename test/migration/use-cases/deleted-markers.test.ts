import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../lib/core/problems';
import { PlanRefused } from '../../../lib/migration/use-cases/execute';
import type { DataVolume } from '../../../lib/storage/registry';
import { image, lun } from '../../helpers';
import { useFastClock } from '../clock';
import { DATABASE, foreignUuid, type Marker } from '../world/storage';
import { World, yes } from '../world/world';
import { begin, changesNothing, pairs } from './cases';

useFastClock();

const props = { image, databases: [{ path: DATABASE, engine: 'sqlite' as const }] };
const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'config-2', namespace: 'media' } };
const seal = (world: World) => world.migrator.seal('app', { approve: yes });

/** An app that cleans its folder. @returns the marker that it has deleted */
function deleteMarker(world: World, volume: DataVolume): Marker | undefined {
  const place = world.place(volume);
  const { marker } = place;
  delete place.marker;
  return marker;
}

const codesIn = async (work: Promise<unknown>) =>
  ((await work.catch((error: unknown) => error)) as UserError).advice?.map(({ code }) => code);

describe.each(pairs)('the marker of the live volume was deleted, after a move from %s to %s', (_from, to, pair) => {
  const [, target] = pair;
  const moved = async () => {
    const world = World.running(pair, props);
    await world.migrator.migrate('app', { approve: yes });
    return begin(world);
  };
  const stopped = async () => {
    const world = await moved();
    const marker = deleteMarker(world, target);
    world.stop();
    return { world: begin(world), marker };
  };

  it('verify says so, and how it is written again', async () => {
    const world = await moved();
    deleteMarker(world, target);
    const [mount] = await world.migrator.verify('app');
    expect(mount?.findings).toEqual([
      expect.objectContaining({ code: 'marker-missing', remedy: expect.stringContaining('"lunward seal app"') }),
    ]);
  });

  it('is written again while the app is down, and the app starts on its volume', async () => {
    const { world, marker } = await stopped();
    const { journal } = world;
    const rows = world.rows(target);
    expect(await seal(world)).toBe('changed');
    expect(world.place(target).marker).toEqual(marker);
    expect(world.journal).toEqual(journal);
    world.apply();
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.rows(target).slice(0, rows.length)).toEqual(rows);
    expect((await world.migrator.verify('app'))[0]?.findings).toEqual([]);
    expect(world.storage.violations).toEqual([]);
  });

  it('has one that names no list if the list was deleted with it', async () => {
    const { world, marker } = await stopped();
    delete world.place(target).sealed;
    await seal(world);
    const { manifest: _, ...unlisted } = marker as Marker;
    expect(world.place(target).marker).toEqual(unlisted);
  });

  it('is written once: then there is nothing to do', async () => {
    const { world } = await stopped();
    await seal(world);
    await changesNothing(begin(world), () => world.migrator.seal('app', { approve: [] }));
  });

  it('is not written while the app runs, which is left alone', async () => {
    const world = await moved();
    deleteMarker(world, target);
    await changesNothing(world, async () => expect(await codesIn(seal(world))).toEqual(['marker-missing']));
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('is not written if a pod has started while the operator was asked', async () => {
    const { world } = await stopped();
    const approve = async () => world.apply();
    await expect(world.migrator.seal('app', { approve })).rejects.toMatchObject({ code: 'storage-in-use' });
    expect(world.place(target).marker).toBeUndefined();
  });

  it.each<[string, (world: World) => unknown, string]>([
    [
      'the database of the app is gone',
      (world) => Object.assign(world.place(target), { files: { new: '' } }),
      'database-missing',
    ],
    ['nothing is there', (world) => Object.assign(world.place(target), { files: {} }), 'database-missing'],
    ['its claim is gone', ({ cluster }) => cluster.client.delete(claim), 'claim-missing'],
  ])('is refused if %s', async (_, change, code) => {
    const { world } = await stopped();
    await change(world);
    await changesNothing(begin(world), async () => expect(await codesIn(seal(world))).toContain(code));
  });

  it.skipIf(to === 'nfs')('is refused on another file system, and on another disk', async () => {
    for (const other of [{ uuid: foreignUuid }, { name: 'naa.60000000000000000000000000000bad' }]) {
      const { world } = await stopped();
      Object.assign(world.place(target), other);
      await changesNothing(world, () => seal(world), PlanRefused);
    }
  });

  it('another one is never replaced', async () => {
    const { world, marker } = await stopped();
    world.place(target).marker = { ...(marker as Marker), attempt: 7 };
    await changesNothing(world, async () => expect(await codesIn(seal(world))).toEqual(['marker-differs']));
  });

  it.skipIf(to === 'nfs')('restart leaves the app running, and says why', async () => {
    const world = await moved();
    deleteMarker(world, target);
    const restart = () => world.migrator.restart('app', { approve: yes });
    await changesNothing(world, async () => expect(await codesIn(restart())).toEqual(['marker-missing']));
    expect(world.runsOn).toEqual(['config-2']);
  });

  it.skipIf(to === 'nfs')(
    'restart repairs a stopped file system all the same: what it shows of a marker is not believed',
    async () => {
      const world = await moved();
      const marker = deleteMarker(world, target);
      world.place(target).trouble = { stopped: 'emergency_ro' };
      world.onEvent = ({ type }) => {
        if (type === 'checked') world.place(target).marker = marker;
      };
      await world.migrator.restart('app', { approve: yes });
      expect(world.runsOn).toEqual(['config-2']);
    },
  );
});

it('is written again on an adopted LUN too', async () => {
  const volume = lun('config');
  const world = new World([volume], props);
  world.storage.addFilled(volume, { [DATABASE]: 'row of before\n' });
  await seal(world);
  world.apply();
  const marker = deleteMarker(world, volume);
  world.stop();
  expect(await seal(world)).toBe('changed');
  expect(world.place(volume).marker).toEqual(marker);
  expect(world.states(volume)).toEqual(['intent', 'sealed']);
});
