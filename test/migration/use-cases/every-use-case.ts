import { emptyLock } from '../../../lib/cluster/lock';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun } from '../../helpers';
import { World, yes } from '../world/world';
import { begin, moved, type Pair, pairs, prepared, toLuns } from './cases';

/** How everything stands, without times, and without how often the app was started. */
export function standing(world: World, volumes: readonly DataVolume[]) {
  const { live, before, retired, cutover } = world.journal;
  return {
    runsOn: world.runsOn,
    lock: world.lock,
    journal: { live, before, retired, cutover },
    entries: volumes.map((volume) =>
      (world.journal.volumes[volume.name] ?? []).map(({ attempt, state, uuid, target }) => [
        attempt,
        state,
        uuid,
        target,
      ]),
    ),
    places: volumes.map((volume) => {
      const { marker, fileSystem, capacity, files } = world.place(volume);
      return { marker: { ...marker, manifest: undefined }, fileSystem, capacity, paths: Object.keys(files) };
    }),
    objects: volumes.map(({ name }) => [
      world.cluster.find('PersistentVolume', name) !== undefined,
      world.cluster.find('PersistentVolumeClaim', name, 'media') !== undefined,
    ]),
    units: world.nodes.flatMap(({ units }) => [...units.keys()]),
    fence: world.cluster.find<{ spec?: object }>('ValidatingAdmissionPolicy', 'lunward-media.app')?.spec,
  };
}

const abandoned = async (pair: Pair) => {
  const world = await prepared(pair);
  await world.migrator.abort('app', { approve: yes });
  return begin(world);
};

/** Unless it is done: another rollback would undo it. */
export const goBack = async (world: World) => {
  const { live, cutover } = world.journal;
  if (cutover || live?.['/config'] === 'config-2') await world.migrator.rollback('app', { approve: yes });
};

/** One use case that changes something, and a world in which it has something to do. */
export interface UseCase {
  readonly volumes: readonly DataVolume[];
  readonly newWorld: () => Promise<World>;
  readonly run: (world: World) => Promise<unknown>;
}

const ofMoves = pairs.flatMap(([from, to, pair]): [string, UseCase][] =>
  Object.entries<Omit<UseCase, 'volumes'>>({
    prepare: {
      newWorld: async () => begin(World.running(pair)),
      run: ({ migrator }) => migrator.prepare('app', { approve: yes }),
    },
    migrate: { newWorld: () => prepared(pair), run: ({ migrator }) => migrator.migrate('app', { approve: yes }) },
    abort: { newWorld: () => prepared(pair), run: ({ migrator }) => migrator.abort('app', { approve: yes }) },
    rollback: { newWorld: () => moved(pair), run: goBack },
    'undoing a rollback': {
      newWorld: async () => {
        const world = await moved(pair);
        await world.migrator.rollback('app', { approve: yes });
        return begin(world);
      },
      run: async (world) => {
        const { live, cutover } = world.journal;
        if (cutover) await world.migrator.migrate('app', { approve: yes });
        else if (live?.['/config'] === 'config') await world.migrator.rollback('app', { approve: yes });
      },
    },
    'status --write-lock': {
      newWorld: async () => {
        const world = await moved(pair);
        const { policy, binding } = fenceRefs({ app: 'app', namespace: 'media' });
        for (const object of [binding, policy]) await world.cluster.client.delete(object);
        world.lock = emptyLock;
        return begin(world);
      },
      run: ({ migrator }) => migrator.status('app', { writeLock: true }),
    },
    retire: { newWorld: () => moved(pair), run: ({ migrator }) => migrator.retire('app', { approve: yes }) },
    'seal, for a marker that was deleted,': {
      newWorld: async () => {
        const world = await moved(pair);
        delete world.place(pair[1]).marker;
        world.stop();
        return begin(world);
      },
      run: ({ migrator }) => migrator.seal('app', { approve: yes }),
    },
  }).map(([name, one]) => [`${name}, of a move from ${from} to ${to},`, { volumes: pair, ...one }]),
);

const ofLuns = toLuns.flatMap(([from, to, pair]): [string, UseCase][] => [
  [
    `wipe, of a LUN that a move from ${from} to ${to} has filled,`,
    {
      volumes: pair,
      newWorld: () => abandoned(pair),
      run: ({ migrator }) => migrator.wipe('app', { approve: yes }),
    },
  ],
  [
    `resize, of a LUN that a move from ${from} to ${to} has filled,`,
    {
      volumes: pair,
      newWorld: async () => {
        const world = await moved(pair);
        world.place(pair[1]).bytes *= 2;
        return world;
      },
      run: ({ migrator }) => migrator.resize('app', '2Gi'),
    },
  ],
  [
    `restart, on a LUN that a move from ${from} to ${to} has filled,`,
    {
      volumes: pair,
      newWorld: async () => {
        const world = await moved(pair);
        world.place(pair[1]).trouble = { stopped: 'emergency_ro' };
        return world;
      },
      run: ({ migrator }) => migrator.restart('app', { approve: yes }),
    },
  ],
]);

const first = lun('config');
const worldWith = async (fill: (world: World) => void) => {
  const world = new World([first]);
  fill(world);
  return world;
};

/** For `it.each`: each use case that changes something, between what can be moved. */
export const everyUseCase: readonly (readonly [title: string, UseCase])[] = [
  ...ofMoves,
  ...ofLuns,
  [
    'format',
    {
      volumes: [first],
      newWorld: () => worldWith(({ storage }) => void storage.add(first)),
      run: ({ migrator }) => migrator.format('app', { approve: yes }),
    },
  ],
  [
    'restart, of an app that was never moved,',
    {
      volumes: [first],
      newWorld: async () => begin(World.running([first])),
      run: ({ migrator }) => migrator.restart('app', { approve: yes }),
    },
  ],
  [
    'seal',
    {
      volumes: [first],
      newWorld: () => worldWith(({ storage }) => void storage.addFilled(first, { 'library.db': 'row of before\n' })),
      run: ({ migrator }) => migrator.seal('app', { approve: yes }),
    },
  ],
];
