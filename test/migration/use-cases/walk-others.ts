import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { type OtherKind, otherWorkload } from '../world/other-pods';
import type { World } from '../world/world';
import type { Random, Step } from './walk-steps';

const kinds: readonly OtherKind[] = ['CronJob', 'Deployment', 'StatefulSet'];

type Other = { readonly kind: string; readonly metadata: { readonly name: string }; readonly spec: object };

const others = ({ cluster }: World): Other[] =>
  kinds.flatMap((kind) => cluster.ofKind<Other>(kind)).filter(({ metadata }) => metadata.name !== 'app');

const claimsOf = (object: unknown) =>
  [...JSON.stringify(object).matchAll(/"claimName":"([^"]*)"/g)].map(([, claim]) => claim as string);

const fenceOf = (world: World) => {
  const { policy } = fenceRefs({ namespace: 'media', app: 'app' });
  return world.cluster.find(policy.kind, policy.metadata.name);
};

/** Without a fence nothing keeps pods from a volume while its app moves: the plan warns of that, see safety.md. */
const mayStart = (world: World) => fenceOf(world) !== undefined || !world.journal.cutover;

/** What the fence refuses is not applied. */
function applied(world: World, object: object): void {
  try {
    world.cluster.apply(object);
  } catch (error) {
    if (!(error instanceof RefusedByServer)) throw error;
  }
}

/** Scales all but the app, as an operator does it by hand. */
export function scaleOthers(world: World, replicas: number): void {
  for (const other of others(world)) {
    if (other.kind !== 'CronJob') applied(world, { ...other, spec: { ...other.spec, replicas } });
  }
  world.kubelet.others.look();
}

/** Nobody else mounts the volumes any more. */
export function endOthers(world: World): void {
  scaleOthers(world, 0);
  while (world.kubelet.others.look().length > 0);
}

/** It is time for the CronJobs. */
export function fireOthers(world: World, random: Random): void {
  const { live = {} } = world.journal;
  const all = world.cluster.ofKind('CronJob').flatMap(claimsOf);
  const isLive = all.every((claim) => Object.values(live).includes(claim));
  if (fenceOf(world) || (mayStart(world) && isLive)) world.kubelet.others.fire(1 + random(20));
}

/** What others than the app have to do with its volumes. */
export const otherEdits: Readonly<Record<string, Step>> = {
  'another workload on a volume': async (world, random) => {
    const claims = Object.values({ '/config': world.generations, ...world.others }).flat();
    const [kind, claim] = [kinds[random(3)] as OtherKind, claims[random(claims.length)]?.name ?? ''];
    const replicas = mayStart(world) ? random(2) : 0;
    applied(world, otherWorkload(kind, `${kind.toLowerCase()}-beside`, claim, replicas));
    world.kubelet.others.look();
  },
  'other workloads at 1': async (world) => {
    if (mayStart(world)) scaleOthers(world, 1);
  },
  'other workloads at 0': async (world) => scaleOthers(world, 0),
  'time for CronJobs': async (world, random) => fireOthers(world, random),
  'other workloads deleted': async (world) => {
    for (const other of others(world))
      world.cluster.remove({ ...other, metadata: { ...other.metadata, namespace: 'media' } });
  },
};
