import { describe, expect, it } from 'vitest';
import { PlanRefused } from '../../../lib/migration/use-cases/execute';
import { type DataVolume, isMovable } from '../../../lib/storage/registry';
import { local } from '../../../lib/volumes/local';
import { lun, share, untyped } from '../../helpers';
import { useFastClock } from '../../migration/clock';
import { begin, changesNothing, moved, type Pair, prepared } from '../../migration/use-cases/cases';
import { goBack } from '../../migration/use-cases/every-use-case';
import { killedAnywhere } from '../../migration/use-cases/killed-anywhere';
import { DATABASE } from '../../migration/world/storage';
import { World, yes } from '../../migration/world/world';
import { useThirdKind } from './registered';

useThirdKind();
useFastClock();

/** The app runs on node-b in the model. */
const directory = (name: string, node = 'node-b') =>
  untyped<DataVolume>(local({ name, node, path: `/srv/${name}`, size: '1Gi' }));

const pairs: readonly (readonly [from: string, to: string, pair: Pair])[] = [
  [share('config'), directory('config-2')] as const,
  [directory('config'), share('config-2')] as const,
  [lun('config'), directory('config-2')] as const,
  [directory('config'), lun('config-2')] as const,
].map((pair) => [pair[0].kind, pair[1].kind, pair]);

it('exists only in these tests', () => {
  expect(isMovable(untyped(directory('config')))).toBe(true);
});

describe.each(pairs)('a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;

  it('is planned, and nothing is changed', async () => {
    const world = World.running(pair);
    await changesNothing(world, async () => {
      const [plan] = await world.migrator.plan('app');
      expect(plan?.planned.plan?.steps.map(({ name }) => name).slice(1)).toEqual(['copy', 'hash']);
      expect(new Set(plan?.planned.plan?.steps.map(({ node }) => node))).toEqual(
        new Set(pair.some(({ kind }) => untyped<string>(kind) === 'local') ? ['node-b'] : ['node-a']),
      );
    });
  });

  it('is prepared while the app runs', async () => {
    const world = await prepared(pair);
    expect(world.runsOn).toEqual(['config']);
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared']);
    expect(world.place(target)).toMatchObject({
      files: world.place(source).files,
      marker: { state: 'building', attempt: 1, volume: 'config-2' },
    });
  });

  it('loses nothing, and the app continues there', async () => {
    const world = World.running(pair);
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.rows(target)).toEqual(['row of before', 'row of app-1', 'row of app-2']);
    expect(world.rows(source)).toEqual(['row of before', 'row of app-1']);
    expect(world.journal.live).toEqual({ '/config': 'config-2' });
    expect((await world.migrator.verify('app')).flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('is rolled back to what the app left', async () => {
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    expect(world.runsOn).toEqual(['config']);
    expect(world.rows(source).slice(0, 2)).toEqual(['row of before', 'row of app-1']);
    expect(world.states(target).at(-1)).toBe('rolled-back');
  });

  it('is given up without affecting the app', async () => {
    const world = await prepared(pair);
    await world.migrator.abort('app', { approve: yes });
    expect(world.states(target).at(-1)).toBe('abandoned');
    expect(world.runsOn).toEqual(['config']);
  });

  it('is refused if the directory is not empty', async () => {
    const world = World.running(pair);
    world.place(target).files = { [DATABASE]: 'row of another app\n' };
    world.place(target).fileSystem &&= 'ext4';
    if (target.kind === 'iscsi') Object.assign(world.place(target), { fileSystem: 'ext4', uuid: 'another' });
    await changesNothing(world, () => world.migrator.prepare('app', { approve: yes }), PlanRefused);
  });

  it.each<[string, () => Promise<World>, (world: World) => Promise<unknown>]>([
    ['prepare', async () => begin(World.running(pair)), ({ migrator }) => migrator.prepare('app', { approve: yes })],
    ['migrate', () => prepared(pair), ({ migrator }) => migrator.migrate('app', { approve: yes })],
    ['rollback', () => moved(pair), goBack],
  ])('is killed after any change of %s, and ends as one that was not', (_, newWorld, run) =>
    killedAnywhere(pair, newWorld, run),
  );
});

it('is refused if the app runs on another node than the directory’s', async () => {
  const world = World.running([lun('config'), directory('config-2', 'node-a')]);
  await changesNothing(world, () => world.migrator.prepare('app', { approve: yes }), PlanRefused);
});
