import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, changesNothing, moved, type Pair } from './cases';

useFastClock();

const [folder, oldDisk, disk] = [share('config'), lun('config'), lun('config-2')];
const refs = fenceRefs({ app: 'app', namespace: 'media' });
const fenceOf = ({ cluster }: World) =>
  [refs.policy, refs.binding].map(({ kind, metadata }) => cluster.find<{ spec: object }>(kind, metadata.name)?.spec);

async function deleteFence(world: World): Promise<void> {
  await world.cluster.client.delete(refs.binding);
  await world.cluster.client.delete(refs.policy);
  begin(world);
}

/** Watches whether each fence that a world has from now on has the first folder where it is, and nothing of where it is described. */
function watchedFences(world: World): () => boolean[] {
  const seen = new Set<boolean>();
  const watch = () => {
    const text = JSON.stringify(fenceOf(world));
    seen.add(text.includes('192.0.2.200:/volume1/config/') && !text.includes('/volume1/copy'));
  };
  world.process.onChange = watch;
  return () => {
    watch();
    return [...seen];
  };
}

const reasons = ({ reported }: World) =>
  reported.flatMap((event) => (event.type === 'notSettled' ? [event.reason] : []));

/** A command that is refused, because the volume is sealed, and settles. */
const abort = ({ migrator }: World) =>
  expect(migrator.abort('app', { approve: yes })).rejects.toMatchObject({ code: 'plan-refused' });

/** Commands that are refused. */
const commands: readonly [string, (world: World) => Promise<unknown>][] = [
  ['abort', abort],
  ['rollback', ({ migrator }) => migrator.rollback('app', { approve: [] })],
];

/** Descriptions that name another place for an old generation, or lack one. */
const edits: readonly [string, Pair, readonly DataVolume[], string][] = [
  [
    'another folder',
    [folder, disk],
    [{ ...folder, path: '/volume1/copy' }, disk],
    'described /volume1/copy, found /vol',
  ],
  ['another LUN', [oldDisk, disk], [{ ...oldDisk, lun: 7 }, disk], 'described 7, found 1'],
  ['no old generation', [folder, disk], [disk], 'Claim config belongs to /config'],
];

describe.each(edits)('a description that has %s', (_, pair, generations, reason) => {
  it.each(commands)('%s changes neither fence nor lock file by it, and reports both values', async (_name, run) => {
    const world = await moved(pair);
    world.generations = generations;
    await changesNothing(world, () => run(world).catch(() => {}));
    expect(reasons(world)).toEqual([expect.stringContaining(reason)]);
  });

  it('restores no fence, until it is put back', async () => {
    const world = await moved(pair);
    const fence = fenceOf(world);
    await deleteFence(world);
    world.generations = generations;
    await abort(world);
    expect(fenceOf(world)).toEqual([undefined, undefined]);
    world.generations = pair;
    await abort(world);
    expect(fenceOf(world)).toEqual(fence);
  });
});

describe('an old checkout without the live generation', () => {
  it('changes neither fence nor lock file', async () => {
    const world = await moved([folder, disk]);
    world.generations = [folder];
    world.lock = emptyLock;
    await changesNothing(world, () => abort(world));
    expect(world.runsOn).toEqual(['config-2']);
    // The fence refuses the same claim as before: only its folder and LUN follow from the description.
    await deleteFence(world);
    await changesNothing(world, () => abort(world));
    expect(reasons(world)).toEqual([expect.stringContaining('Claim config-2 belongs to /config')]);
  });
});

describe('a restart without the line of the generation that the app was rolled back from', () => {
  it.each<[string, Pair]>([
    ['folder', [oldDisk, share('config-2')]],
    ['LUN', [oldDisk, disk]],
  ])('keeps its %s fenced', async (_, pair) => {
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    const fence = fenceOf(begin(world));
    world.generations = [oldDisk];
    await world.migrator.restart('app', { approve: yes });
    expect([world.runsOn, fenceOf(world)]).toEqual([['config'], fence]);
    expect(reasons(world)).toContainEqual(expect.stringContaining('Claim config-2 belongs to /config'));
  });
});

describe('a description that names the same places', () => {
  it.each<[string, readonly DataVolume[]]>([
    ['with another portal', [folder, { ...disk, targetPortal: '192.0.2.201:3260' }]],
    ['in another order', [disk, folder]],
  ])('%s gives the same fence', async (_, generations) => {
    const world = await moved([folder, disk]);
    const fence = fenceOf(world);
    world.generations = generations;
    await changesNothing(world, () => abort(world));
    expect(reasons(world)).toEqual([]);
    await deleteFence(world);
    await abort(world);
    expect(fenceOf(world)).toEqual(fence);
  });
});

describe('a move to a third generation', () => {
  const third = lun('config-3');

  it('is refused before it stops the app if another place is described for the first one', async () => {
    const world = await moved([folder, disk]);
    world.storage.add(third);
    world.generations = [folder, disk, third];
    await world.migrator.prepare('app', { approve: yes });
    const fence = fenceOf(world);
    world.generations = [{ ...folder, path: '/volume1/copy' }, disk, third];
    begin(world);
    await expect(world.migrator.migrate('app', { approve: yes })).rejects.toMatchObject({
      code: 'description-edited',
      category: 'refused',
      message: expect.stringContaining('described /volume1/copy, found /volume1/config'),
    });
    expect(world.changes).not.toContain('patch Deployment app');
    expect([world.runsOn, world.journal.cutover, fenceOf(world)]).toEqual([['config-2'], undefined, fence]);
    world.generations = [folder, disk, third];
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual(['config-3']);
  });
});

describe('with three generations, of which the first one is described in another place', () => {
  const third = lun('config-3');
  const copy = { ...folder, path: '/volume1/copy' };
  const movedTwice = async () => {
    const world = await moved([folder, disk]);
    world.storage.add(third);
    world.generations = [folder, disk, third];
    await world.migrator.migrate('app', { approve: yes });
    return begin(world);
  };

  it.each<[string, (world: World) => Promise<unknown>, string]>([
    [
      'a rollback from the third to the second',
      ({ migrator }) => migrator.rollback('app', { approve: yes }),
      'config-2',
    ],
    ['a restart', ({ migrator }) => migrator.restart('app', { approve: yes }), 'config-3'],
  ])('%s is made, tells it, and fences the first one where it is', async (_, run, live) => {
    const world = await movedTwice();
    const fences = watchedFences(world);
    world.generations = [copy, disk, third];
    await run(world);
    expect(world.runsOn).toEqual([live]);
    expect(reasons(world)).toContainEqual(expect.stringContaining('described /volume1/copy, found /volume1/config'));
    expect(fences()).toEqual([true]);
    const fence = fenceOf(world);
    await deleteFence(world);
    world.generations = [folder, disk, third];
    await abort(world);
    expect(fenceOf(world)).toEqual(fence);
  });

  it('a rollback that was killed at any change keeps it fenced there, and so does the one that resumes it', async () => {
    const changes = (await rolledBack(await movedTwice())).changes.length;
    for (let after = 0; after < changes; after += 1) {
      const world = await movedTwice();
      const fences = watchedFences(world);
      world.generations = [copy, disk, third];
      world.process.killIn(after);
      await world.migrator.rollback('app', { approve: yes }).catch(() => {});
      world.process.revive();
      await rolledBack(world);
      expect([world.runsOn, fences()]).toEqual([['config-2'], [true]]);
    }
  });

  async function rolledBack(world: World): Promise<World> {
    world.generations = [copy, disk, third];
    await world.migrator.rollback('app', { approve: yes });
    return world;
  }

  it.each<[string, readonly DataVolume[]]>([
    ['the one to return to', [folder, { ...disk, lun: 7 }, third]],
    ['the live one', [folder, disk, { ...third, lun: 7 }]],
  ])('a rollback is refused if %s is described in another place', async (_, generations) => {
    const world = await movedTwice();
    world.generations = generations;
    await expect(world.migrator.rollback('app', { approve: yes })).rejects.toMatchObject({ category: 'refused' });
    expect([world.runsOn, world.journal.cutover]).toEqual([['config-3'], undefined]);
  });
});
