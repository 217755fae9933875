import { type Advice, adviceSentence } from '../../core/advice';
import { UserError } from '../../core/problems';
import { type MountObjects, readMountObjects } from '../../kubernetes/volume-users';
import type { CutoverContext } from '../cutover/cutover-context';
import { mountedOf, type VolumeMove } from '../cutover/volume-move';
import { boundRefusals, terminatingRefusals } from '../survey/described-volume';
import { type MountedVolume, nodeRefusals, podRefusals, runningPods } from '../survey/pod-place';

type Asked = Pick<CutoverContext, 'client' | 'model' | 'nodes'>;

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
): Promise<Advice[]> {
  const { claims, volumes: all, pods } = objects ?? (await readMountObjects(client));
  const { namespace } = model;
  const bound = volumes.flatMap(({ volume }) => boundRefusals({ volume, namespace, claims, volumes: all }));
  const running = runningPods(model, pods);
  const mounted = running.flatMap((pod) => volumes.flatMap((volume) => podRefusals(model, volume, pod)));
  const data = volumes.map(({ volume }) => volume);
  const onNodes = await Promise.all(running.map((pod) => nodeRefusals(nodes, data, pod)));
  return [...bound, ...mounted, ...(mounted.length > 0 ? [] : onNodes.flat())];
}

/**
 * Just before an app is stopped: what was planned with may be hours old.
 *
 * @throws UserError with everything that is not as it is described, or was deleted
 */
export async function assertDescribed(
  site: Pick<CutoverContext, 'app' | 'client' | 'model' | 'nodes'>,
  volumes: readonly Pick<VolumeMove, 'mountPath' | 'source' | 'target'>[],
): Promise<void> {
  const objects = await readMountObjects(site.client);
  const refusals = [
    ...(await describedRefusals(site, mountedOf(volumes, 'source'), objects)),
    ...deletedTargets(site.model, volumes, objects),
  ];
  if (refusals.length > 0)
    throw new UserError(
      `${refusalText(refusals)}
Refused: ${site.app} was not stopped by this`,
      { category: 'refused', code: 'plan-refused', advice: refusals },
    );
}

/**
 * Just before an app gets its new volumes.
 *
 * @throws UserError with those that were deleted: no pod could mount them
 */
export async function assertTargets(
  { client, model }: Pick<CutoverContext, 'client' | 'model'>,
  volumes: readonly Pick<VolumeMove, 'target'>[],
): Promise<void> {
  const refusals = deletedTargets(model, volumes, await readMountObjects(client));
  if (refusals.length > 0)
    throw new UserError(refusalText(refusals), { category: 'refused', code: 'plan-refused', advice: refusals });
}

function deletedTargets(
  { namespace }: CutoverContext['model'],
  volumes: readonly Pick<VolumeMove, 'target'>[],
  { claims, volumes: all }: MountObjects,
): Advice[] {
  return volumes.flatMap(({ target }) => terminatingRefusals({ volume: target, namespace, claims, volumes: all }));
}

/** A line for each. */
export function refusalText(refusals: readonly Advice[]): string {
  return refusals.map((one) => adviceSentence(one) + (one.remedy ? `: ${one.remedy}` : '')).join('\n');
}
