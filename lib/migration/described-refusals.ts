import { type MountObjects, readMountObjects } from '../kubernetes/volume-users';
import { UserError } from '../spec/problems';
import { boundRefusals } from './described-volume';
import { type MountedVolume, nodeRefusals, podRefusals, runningPods } from './pod-place';
import type { Refusal } from './refusal';
import type { Site } from './site';

type Asked = Pick<Site, 'client' | 'model' | 'nodes'>;

/**
 * Where what is described of an app's volumes is not what runs: claim, PersistentVolume, the mounts of its pods, and what their nodes
 * have mounted for them. Nothing is changed. An app without a pod is compared as far as its PersistentVolumes.
 *
 * @param volumes those that the app has its data on
 * @throws UserError where the cluster can't be asked
 */
export async function describedRefusals(
  { client, model, nodes }: Asked,
  volumes: readonly MountedVolume[],
  objects?: MountObjects,
): Promise<Refusal[]> {
  const { claims, volumes: all, pods } = objects ?? (await readMountObjects(client));
  const { namespace } = model;
  const bound = volumes.flatMap(({ volume }) => boundRefusals({ volume, namespace, claims, volumes: all }));
  const running = runningPods(model, pods);
  const mounted = running.flatMap((pod) => volumes.flatMap((volume) => podRefusals(model, volume, pod)));
  const data = volumes.map(({ volume }) => volume);
  const onNodes = await Promise.all(running.map((pod) => nodeRefusals(nodes, data, pod)));
  return [...bound, ...mounted, ...(mounted.length > 0 ? [] : onNodes.flat())];
}

/** @throws UserError with everything that is not as it is described; nothing was changed then */
export async function assertDescribed(site: Asked, volumes: readonly MountedVolume[]): Promise<void> {
  const refusals = await describedRefusals(site, volumes);
  if (refusals.length > 0) throw new UserError(`${refusalText(refusals)}\nNothing was changed`);
}

/** A line for each. */
export function refusalText(refusals: readonly Refusal[]): string {
  return refusals.map(({ subject, reason, remedy }) => `${subject} ${reason}${remedy ? `: ${remedy}` : ''}`).join('\n');
}
