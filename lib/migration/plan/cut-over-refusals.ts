import type { Advice } from '../../core/advice';
import { UnanswerableError, UserError } from '../../core/problems';
import { type ClusterClient, type LiveObject, RefusedByServer } from '../../kubernetes/cluster-client';
import { differencesFrom } from '../../kubernetes/differences';
import { isPodOf } from '../../kubernetes/pods-of-app';
import { type MountObjects, podsUsing, readMountObjects } from '../../kubernetes/volume-users';
import type { ReachedNode } from '../../nodes/runner';
import { type DataVolume, describeStorage } from '../../storage/registry';
import { usedVolume } from '../../storage/used-volume';
import { kindOf } from '../../volumes/kinds';
import { exportLocation, overlaps } from '../../volumes/location';
import { volumeManifests } from '../../workload/manifests/manifests';
import type { MediaAppModel } from '../../workload/model';
import { mountedOf, type VolumeMove } from '../cutover/volume-move';
import { runningPods } from '../survey/pod-place';
import { unreachedNode, unreachedNodes } from '../survey/storage-users';
import { describedRefusals } from './described-refusals';
import { namespaceRefusals } from './terminating-namespace';

/** What will be in the way once an app is to be stopped, and can be known before. Nothing is changed. */
export async function cutOverRefusals(
  client: ClusterClient,
  model: MediaAppModel,
  volumes: readonly Pick<VolumeMove, 'mountPath' | 'source' | 'target'>[],
  nodes: readonly ReachedNode[],
): Promise<readonly Advice[]> {
  const objects = await readMountObjects(client);
  const refusals = await Promise.all([
    nodeRefusals(client, nodes),
    namespaceRefusals(client, model.namespace),
    logRefusals(client, model, objects),
    describedRefusals({ client, model, nodes }, mountedOf(volumes, 'source'), objects),
    ...volumes.flatMap(({ source, target }) => [
      parentMounts(model, source),
      otherUsers(model, source, objects),
      claimRefusals(client, model, target),
    ]),
  ]);
  return refusals.flat();
}

/** That an app is stopped is proven on every node. */
export async function nodeRefusals(client: ClusterClient, nodes: readonly ReachedNode[]): Promise<Advice[]> {
  return (await unreachedNodes(client, nodes)).map((name) => ({
    code: 'node-not-described',
    subject: unreachedNode(name),
    found: 'so Lunward could not prove that nothing there still uses the volumes',
    remedy: `add it to nodes: '${name}': { ssh: 'admin@192.0.2.210' }`,
  }));
}

/** An app whose log can't be read could not be judged once it is moved. */
async function logRefusals(
  client: ClusterClient,
  model: MediaAppModel,
  { pods }: Pick<MountObjects, 'pods'>,
): Promise<Advice[]> {
  const [pod] = runningPods(model, pods);
  if (!pod) return [];
  const { namespace, name = '' } = pod.metadata ?? {};
  try {
    await client.log(model.namespace, name, model.props.containerName ?? model.name, { tailLines: 1 });
    return [];
  } catch (error) {
    if (!(error instanceof UserError || error instanceof RefusedByServer)) throw error;
    // What else is in the way of it now need not be then.
    if (!(error instanceof UnanswerableError)) return [];
    const reason = `can't be read, and shows whether the app is healthy after the move: ${error.message}`;
    return [
      {
        code: 'log-forbidden',
        subject: `The log of Pod ${namespace}/${name}`,
        found: reason,
        remedy: 'permit this user to get "pods/log" there',
      },
    ];
  }
}

/** An app that sees its old data by another of its mounts would be kept out by what keeps it from there. */
function parentMounts({ mounts, namespace }: MediaAppModel, source: DataVolume): Advice[] {
  const place = kindOf(source).location(source, namespace);
  return mounts.flatMap(({ mountPath, volume }) => {
    if (volume.kind !== 'inlineNfs' || !overlaps(exportLocation('NFS', volume.server, volume.path), place)) return [];
    return [
      {
        code: 'mount-overlaps-source',
        subject: `The app's mount at ${mountPath}`,
        found: `is ${volume.server}:${volume.path}, with ${describeStorage(source)} in it or around it: Lunward could not tell whether it still writes there`,
        remedy: 'mount a folder that has nothing to do with it',
      },
    ];
  });
}

/** Pods of others don't end when the app is stopped. */
export function otherUsers(model: MediaAppModel, source: DataVolume, objects: MountObjects): Advice[] {
  const used = usedVolume(source, model.namespace);
  const around = used.nfs ? ', or a folder above or below it,' : '';
  return podsUsing(used, objects)
    .filter((pod) => !isPodOf(model, pod))
    .map(({ metadata }) => ({
      code: 'volume-in-use',
      subject: `Pod ${metadata?.namespace}/${metadata?.name}`,
      found: `uses ${describeStorage(source)} too${around} and is no pod of the app`,
      remedy: 'end it first, whatever starts it',
    }));
}

/** Whether the API server takes the new generation's objects, in a dry run: they are made once its volume is released. */
async function claimRefusals(
  client: ClusterClient,
  { namespace, labels }: MediaAppModel,
  target: VolumeMove['target'],
): Promise<Advice[]> {
  const refusals: Advice[] = [];
  for (const manifest of volumeManifests(target, namespace, labels)) {
    const subject = `${manifest.kind} ${manifest.metadata.name}`;
    const live = await client.read(manifest);
    const differing = live && (await differencesFrom(live, manifest, client));
    if (differing && differing.length > 0) {
      const reason = `is in the cluster already, and another than is described: ${differing.map(({ text }) => text).join('; ')}`;
      refusals.push({
        code: 'name-taken',
        subject,
        found: reason,
        remedy: 'give the new generation a name of its own',
      });
    }
    const state = live && stateOf(live);
    if (state) {
      const remedy = 'see that it is gone, or give the new generation a name of its own';
      refusals.push({
        code: 'name-taken',
        subject,
        found: `is in the cluster already, and is ${state}: no pod could mount it`,
        remedy,
      });
    }
    if (live) continue;
    try {
      await client.create(manifest as LiveObject, { dryRun: true });
    } catch (error) {
      if (!(error instanceof RefusedByServer)) throw error;
      refusals.push({ code: 'refused-by-server', subject, found: `is refused by the API server: ${error.message}` });
    }
  }
  return refusals;
}

/** Why what is in the cluster can't be used, by the words of the cluster. */
function stateOf(live: LiveObject): string | undefined {
  if (live.metadata?.deletionTimestamp) return 'Terminating';
  const phase = (live as { readonly status?: { readonly phase?: string } }).status?.phase;
  return phase === 'Lost' || phase === 'Released' || phase === 'Failed' ? phase : undefined;
}
