import { describe, expect, it } from 'vitest';
import type { ClusterClient, LiveObject } from '../../../lib/kubernetes/cluster-client';
import type { Lease } from '../../../lib/kubernetes/lease';
import type { AppContext } from '../../../lib/migration/app-context';
import type { VolumeMove } from '../../../lib/migration/cutover/volume-move';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { movesUnderWay } from '../../../lib/migration/plan/wanted-volumes';
import { type RollbackPlan, rollback } from '../../../lib/migration/use-cases/rollback';
import { lun, share, untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { FenceWorld } from '../fence-world';
import { heldLease } from '../signals';
import { boundObjectsOf } from '../storage-objects';

useFastClock();

const manifest = 'c'.repeat(64);
const target = { kind: 'iscsi', wwn: 'w', bytes: 1024 };
const entry = { at: '', attempt: 1, uuid: 'u', target, node: 'node-a', digest: '', manifest };

const entryOf = (state: string) => ({
  ...entry,
  ...(state === 'never live' ? { state: 'rolled-back', neverLive: true } : { state }),
});

/** An app that was moved at both of its mounts. @param states of the volumes that it was moved to */
async function planOf(states: { readonly config: string; readonly data: string }): Promise<RollbackPlan | undefined> {
  const world = new FenceWorld(true);
  const moved = { '/config': ['config', 'config-2', states.config], '/data': ['data', 'data-2', states.data] } as const;
  const sides = Object.entries(moved).map(([path, [old, target, state]]) => [
    path,
    ...(state === 'sealed' ? [target, old] : [old, target]),
  ]);
  const journal = {
    version: 2,
    volumes: { 'config-2': [entryOf(states.config)], 'data-2': [entryOf(states.data)] },
    live: Object.fromEntries(sides.map(([path, live]) => [path, live])),
    before: Object.fromEntries(sides.map(([path, , before]) => [path, before])),
  };
  const found = world.objects.get('ConfigMap/lunward-app') as LiveObject;
  world.objects.set('ConfigMap/lunward-app', untyped({ ...found, data: { journal: JSON.stringify(journal) } }));
  const site = await world.site();
  const { model, client } = site;
  const others = [share('data'), lun('data-2')].map(boundObjectsOf);
  const list = async (kind: string) => [
    ...(await client.list(kind)),
    ...(kind === 'PersistentVolumeClaim' ? others.map(({ claim }) => claim) : []),
    ...(kind === 'PersistentVolume' ? others.map(({ persistentVolume }) => persistentVolume) : []),
  ];
  const read = async (object: LiveObject) =>
    object.kind === 'Deployment' ? untyped<LiveObject>({ metadata: object.metadata }) : client.read(untyped(object));
  const context = {
    app: 'app',
    model,
    client: untyped<ClusterClient>({ ...client, list, read }),
    nodes: [],
    project: { ...site.project, file: 'cluster.ts' },
    owners: { kubectl: () => site.owner },
    report: () => {},
    journal: async () => site.journal,
    recordedJournal: async () => site.journal,
    movesOf: async (cutover: Pick<Cutover, 'volumes'>): Promise<VolumeMove[]> => movesUnderWay(model, cutover),
    async again() {
      return this;
    },
    whileHeld(work: (held: unknown, lease: Lease) => Promise<unknown>) {
      return work(this, heldLease());
    },
  };
  return new Promise((resolve, reject) => {
    const done = rollback(untyped<AppContext>(context), { approve: [], onPlan: resolve });
    done.then(() => resolve(undefined), reject);
  });
}

const changes = (plan: RollbackPlan | undefined) => plan && changesOf(plan);
const changesOf = ({ isAgain, volumes }: RollbackPlan) => [
  isAgain,
  ...volumes.map(({ move: { mountPath, source, target } }) =>
    isAgain ? `${mountPath}: ${source.name} to ${target.name}` : `${mountPath}: ${target.name} to ${source.name}`,
  ),
];

/** What it does, the states of both volumes, and the changes that are planned. */
type Row = [title: string, config: string, data: string, changes: readonly unknown[] | undefined];

describe('a rollback of an app that was moved at two mounts', () => {
  it.each<Row>([
    ['goes back at both', 'sealed', 'sealed', [false, '/config: config-2 to config', '/data: data-2 to data']],
    ['leaves a mount alone that was rolled back', 'sealed', 'rolled-back', [false, '/config: config-2 to config']],
    ['leaves one alone, whichever it is', 'rolled-back', 'sealed', [false, '/data: data-2 to data']],
    [
      'returns at both that were rolled back',
      'rolled-back',
      'rolled-back',
      [true, '/config: config to config-2', '/data: data to data-2'],
    ],
    ...['intent', 'building', 'prepared', 'wiping', 'wiped', 'never live'].flatMap((state): Row[] => [
      [`leads to no volume that is ${state}`, state, state, undefined],
      [`leads to none beside a move: ${state}`, 'sealed', state, [false, '/config: config-2 to config']],
      [`leads to none beside a rollback: ${state}`, 'rolled-back', state, [true, '/config: config to config-2']],
    ]),
  ])('%s', async (_, config, data, expected) => {
    expect(changes(await planOf({ config, data }))).toEqual(expected);
  });
});
