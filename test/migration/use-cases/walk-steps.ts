import { emptyLock } from '../../../lib/cluster/lock';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun, share } from '../../helpers';
import type { Fault } from '../world/changes';
import { foreignUuid, type Marker } from '../world/storage';
import { type World, yes } from '../world/world';
import { fireOthers, otherEdits } from './walk-others';

/** Numbers from 0 on, below a number. */
export type Random = (below: number) => number;
export type Step = (world: World, random: Random) => Promise<unknown>;
type Steps = Readonly<Record<string, Step>>;

/** The same numbers for the same seed. */
export function numbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function pick<Value>(from: Readonly<Record<string, Value>>, random: Random): [string, Value] {
  const all = Object.entries(from);
  return all[random(all.length)] as [string, Value];
}

/** Generations by mount path, oldest first. */
export const generationsOf = (world: World): Readonly<Record<string, readonly DataVolume[]>> => ({
  '/config': world.generations,
  ...world.others,
});

/** The app is unhealthy on every generation but the first. */
async function unwell(world: World, run: () => Promise<unknown>): Promise<unknown> {
  const later = Object.values(generationsOf(world)).flatMap((all) => all.slice(1));
  world.kubelet.unwellOn = later.map(({ name }) => name);
  return run().finally(() => {
    world.kubelet.unwellOn = [];
  });
}

/** What an operator runs. */
export const commands: Steps = {
  prepare: ({ migrator }) => migrator.prepare('app', { approve: yes }),
  migrate: ({ migrator }) => migrator.migrate('app', { approve: yes }),
  'migrate again': ({ migrator }) => migrator.migrate('app', { approve: yes }),
  'migrate --until stop': ({ migrator }) => migrator.migrate('app', { approve: yes, until: 'stop' }),
  'migrate, unhealthy': (world) => unwell(world, () => world.migrator.migrate('app', { approve: yes })),
  'migrate --on-unhealthy stop': (world) =>
    unwell(world, () => world.migrator.migrate('app', { approve: yes, onUnhealthy: 'stop' })),
  rollback: ({ migrator }) => migrator.rollback('app', { approve: yes }),
  'rollback again': ({ migrator }) => migrator.rollback('app', { approve: yes }),
  abort: ({ migrator }) => migrator.abort('app', { approve: yes }),
  wipe: ({ migrator }) => migrator.wipe('app', { approve: yes }),
  retire: ({ migrator }) => migrator.retire('app', { approve: yes }),
  restart: ({ migrator }) => migrator.restart('app', { approve: yes }),
  verify: ({ migrator }) => migrator.verify('app'),
  plan: ({ migrator }) => migrator.plan('app'),
  'status --write-lock': ({ migrator }) => migrator.status('app', { writeLock: true }),
};

/** Another generation, unless there are many. */
function further(name: string, all: readonly DataVolume[], world: World, random: Random): readonly DataVolume[] {
  if (all.length === 0 || all.length > 4) return all;
  const volume = (random(2) === 0 ? lun : share)(`${name}-${all.length + 1}`);
  world.storage.add(volume);
  return [...all, volume];
}

/** What the fence refuses is not applied. */
function ifAdmitted(apply: () => unknown): void {
  try {
    apply();
  } catch (error) {
    if (!(error instanceof RefusedByServer)) throw error;
  }
}

function scale(world: World, replicas: number): void {
  const deployment = world.cluster.find<{ spec: object }>('Deployment', 'app', 'media');
  ifAdmitted(() => world.cluster.apply({ ...deployment, spec: { ...deployment?.spec, replicas } }));
}

/**
 * Whether the cluster refuses pods on volumes that the app has left. Without that, safety.md warns of what somebody could do by hand
 * while an app is down, or with an old lock file.
 */
function isFenced(world: World): boolean {
  const { policy } = fenceRefs({ namespace: 'media', app: 'app' });
  return world.cluster.find(policy.kind, policy.metadata.name) !== undefined;
}

/** What somebody does by hand in between, in the project or in the cluster. */
export const edits: Steps = {
  ...otherEdits,
  'a lost lock file': async (world) => {
    world.lock = emptyLock;
  },
  'a further generation of /config': async (world, random) => {
    world.generations = further('config', world.generations, world, random);
  },
  'a further generation of /data': async (world, random) => {
    const data = further('data', world.others['/data'] ?? [], world, random);
    if (data.length > 0) world.others = { '/data': data };
  },
  'the fence deleted': async (world) => {
    const { policy, binding } = fenceRefs({ namespace: 'media', app: 'app' });
    // Of an app that is kept stopped it alone keeps old manifests from starting pods.
    if (world.journal.cutover) return;
    for (const one of [policy, binding]) await world.cluster.client.delete(one);
  },
  'the current manifests applied': async (world) => {
    const { live = {}, cutover } = world.journal;
    const isKnown = Object.entries(live).every(([path, claim]) => world.lock.live.app?.[path] === claim);
    if (isFenced(world) || (isKnown && !cutover)) ifAdmitted(() => world.apply());
  },
  'the first manifests applied': async (world) => {
    if (!isFenced(world)) return;
    const { lock } = world;
    world.lock = emptyLock;
    ifAdmitted(() => world.apply());
    world.lock = lock;
  },
  'scaled to 1': async (world) => {
    if (isFenced(world) || !world.journal.cutover) scale(world, 1);
  },
  'scaled to 0': async (world) => world.stop(),
};

/** Runs a command and takes back what was otherwise meanwhile, however it ends. */
const during = async (run: () => Promise<unknown>, undo: () => unknown) => run().finally(undo);

/** What is otherwise while a command runs. @param jump lets so many seconds pass by the clock */
export const circumstances = (jump: (seconds: number) => void): Readonly<Record<string, (run: Step) => Step>> => ({
  'with nothing special': (run) => run,
  'without its journal': (run) => async (world, random) => {
    const found = world.cluster.find('ConfigMap', 'lunward-app', 'media');
    const isKnown = Object.keys(world.lock.live.app ?? {}).length > 0;
    if (!found || !isKnown) return undefined;
    world.cluster.remove(found);
    return during(
      () => run(world, random),
      () => world.cluster.apply(found),
    );
  },
  'with the PersistentVolume of another place': (run) => async (world, random) => {
    const live = world.journal.live?.['/config'] ?? world.generations[0]?.name ?? '';
    type Spec = { nfs?: { path: string }; iscsi?: { lun: number } };
    const spec = world.cluster.find<{ spec: Spec }>('PersistentVolume', live)?.spec;
    if (!spec || world.journal.cutover) return undefined;
    const [nfs, iscsi] = [spec.nfs, spec.iscsi];
    if (nfs) spec.nfs = { ...nfs, path: '/volume1/elsewhere' };
    if (iscsi) spec.iscsi = { ...iscsi, lun: 9 };
    return during(
      () => run(world, random),
      () => Object.assign(spec, nfs && { nfs }, iscsi && { iscsi }),
    );
  },
  'with the address of another machine': (run) => async (world, random) => {
    const [from, to] = random(2) === 0 ? ['node-a', 'node-b'] : ['node-b', 'node-a'];
    afterChanges(world, random(8), () => {
      world.addresses[from as string] = to as string;
    });
    return during(
      () => run(world, random),
      () => {
        world.process.onChange = () => {};
        delete world.addresses[from as string];
      },
    );
  },
  'with another seal on a volume': (run) => async (world, random) => {
    const all = Object.values(generationsOf(world)).flat();
    const place = world.place(all[random(all.length)] as DataVolume);
    const { marker } = place;
    if (!marker) return undefined;
    const others: readonly Partial<Marker>[] = [
      { attempt: marker.attempt + 1 },
      { uuid: foreignUuid },
      { volume: 'another' },
      { state: marker.state === 'sealed' ? 'building' : 'sealed' },
    ];
    const other = { ...marker, ...others[random(4)] };
    place.marker = other;
    return during(
      () => run(world, random),
      () => {
        if (place.marker === other) place.marker = marker;
      },
    );
  },
  'while it is time for CronJobs': (run) => async (world, random) => {
    afterChanges(world, random(16), () => fireOthers(world, random));
    return during(
      () => run(world, random),
      () => {
        world.process.onChange = () => {};
      },
    );
  },
  'on a machine that sleeps': (run) => async (world, random) => {
    const [holders, wakes] = [[[], ['other'], ['other', '']][random(3)] as string[], 1 + random(12)];
    let left = wakes;
    world.process.onChange = () => {
      left -= 1;
      if (left !== 0) return;
      jump(3600);
      for (const holder of holders) holdLease(world, holder);
    };
    return during(
      () => run(world, random),
      () => {
        world.process.onChange = () => {};
        holdLease(world, '');
      },
    );
  },
});

/** Does something in the middle of a command, or before it. */
function afterChanges(world: World, changes: number, what: () => void): void {
  let left = changes;
  if (left === 0) what();
  world.process.onChange = () => {
    left -= 1;
    if (left === 0) what();
  };
}

/** As another process does it. @param holder none: it has given it back */
function holdLease(world: World, holder: string): void {
  const lease = world.cluster.find<{ spec: object }>('Lease', 'lunward-app', 'media');
  if (!lease) return;
  world.cluster.apply({ ...lease, spec: { ...lease.spec, holderIdentity: holder, renewTime: `by ${holder}` } });
}

const isOfNode = (name: string) => / on node-/.test(name);
const isWrite = (name: string) => /^(write|create|patch|delete) /.test(name);
const faults: readonly Fault[] = ['request lost', 'answer lost', 'conflict', 'refused'];

/** The process is killed, or what it asks for fails, or neither. @returns what, in words */
export function disturb(world: World, random: Random): string {
  const kind = random(3);
  if (kind === 0) return 'undisturbed';
  if (kind === 1) {
    const changes = 1 + random(16);
    world.process.killIn(changes);
    return `killed after ${changes} changes`;
  }
  const [fault, from, ofNodes] = [faults[random(4)] as Fault, random(160), random(3) === 0];
  const to = from + ([1, 2, 1000][random(3)] as number);
  const isPossible = (asked: string) =>
    fault === 'conflict' ? asked.startsWith('write ') : fault !== 'refused' || isWrite(asked);
  world.process.asked.length = 0;
  world.process.faultAt = (at, asked) =>
    at >= from && at < to && isOfNode(asked) === ofNodes && isPossible(asked) ? fault : undefined;
  return `${fault} from ${from} to ${to}${ofNodes ? ', of nodes' : ''}`;
}
