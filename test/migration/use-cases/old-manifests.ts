import { expect } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { manifestsOf } from '../world/owner';
import type { World } from '../world/world';

type Deployment = LiveObject & { readonly spec: object };

const deploymentOf = ({ cluster }: World) => cluster.find('Deployment', 'app', 'media') as Deployment;
const claimsOf = (deployment: LiveObject): string[] =>
  [...JSON.stringify(deployment).matchAll(/"claimName":"([^"]*)"/g)].map(([, claim]) => claim as string);

/** Sees every manifest of the app that is in the cluster from now on, as it would run the app. @returns what was seen, which grows */
export function seeManifests(world: World): LiveObject[] {
  const seen: LiveObject[] = [];
  const see = () => {
    const found = structuredClone(deploymentOf(world));
    seen.push({ ...found, spec: { ...found.spec, replicas: 1 } } as LiveObject);
  };
  see();
  world.process.onChange = (name) => {
    if (name.endsWith('Deployment app')) see();
  };
  return seen;
}

/** The manifest of an app that was never moved: it has no guard. */
export function firstManifest(world: World): LiveObject {
  const { lock } = world;
  world.lock = emptyLock;
  const { deployment } = manifestsOf(world.model);
  world.lock = lock;
  return deployment as LiveObject;
}

/** Whether status names each claim that old manifests would start the app on, because its guard accepts the volume or it has none. */
export async function expectToldOrRefused(
  world: World,
  manifests: readonly LiveObject[],
  subject = 'at the end',
): Promise<void> {
  const { fence, live } = await world.migrator.status('app');
  const told = fence?.is === 'unsupported' ? fence.claims : [];
  const current = live.map(({ claim }) => claim);
  for (const manifest of manifests) {
    const old = claimsOf(manifest).filter((claim) => !current.includes(claim) && !told.includes(claim));
    const there = world.copy();
    there.cluster.apply(manifest);
    for (const claim of old) expect(there.runsOn, `${subject}: ${JSON.stringify(fence)}`).not.toContain(claim);
  }
}
