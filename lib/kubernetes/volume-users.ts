import type {
  V1ContainerStatus,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { nfsDriver } from '../volumes/csi';
import { exportLocation, type Location, nfsCsiLocation, overlaps } from '../volumes/location';
import type { ClusterClient } from './cluster-client';

/** A volume for which to find the pods that use it. */
export interface UsedVolume {
  readonly namespace: string;
  readonly claim: string;
  /** The folder, if the volume is an NFS folder. */
  readonly nfs?: { readonly server: string; readonly path: string };
}

/** The objects in the whole cluster through which pods can reach a volume. */
export interface MountObjects {
  readonly pods: readonly V1Pod[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly volumes: readonly V1PersistentVolume[];
}

/** Reads the objects. Pods are read first, because a claim may be bound in between. */
export async function readMountObjects(client: ClusterClient): Promise<MountObjects> {
  const pods = await client.list<V1Pod>('Pod');
  const [claims, volumes] = await Promise.all([
    client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim'),
    client.list<V1PersistentVolume>('PersistentVolume'),
  ]);
  return { pods, claims, volumes };
}

/**
 * Lists the pods that use a volume or may use it at any moment: through its claim or, for an NFS folder, through any
 * claim or inline volume of the same folder, a folder above it or one below. A terminating pod uses the volume. A pod
 * that has ended, with all of its containers, does not.
 *
 * A server is identified by the name or address in the objects, so one server with two names counts as two.
 */
export function podsUsing(volume: UsedVolume, { pods, claims, volumes }: MountObjects): V1Pod[] {
  const own = volume.nfs && exportLocation('NFS', volume.nfs.server, volume.nfs.path);
  const isOwn = (source: NfsSource | undefined) => {
    const location = own && source && nfsLocation(source);
    return own !== undefined && location !== undefined && overlaps(own, location);
  };
  const shared = new Set(volumes.filter(({ spec }) => isOwn(spec)).map(({ metadata }) => metadata?.name));
  const mounted = new Set([
    `${volume.namespace}/${volume.claim}`,
    ...claims
      .filter(({ spec }) => spec?.volumeName && shared.has(spec.volumeName))
      .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`),
  ]);
  return pods.filter(
    (pod) =>
      !hasEnded(pod) &&
      pod.spec?.volumes?.some(
        (source) =>
          isOwn(source) || mounted.has(`${pod.metadata?.namespace}/${source.persistentVolumeClaim?.claimName}`),
      ),
  );
}

/** The NFS source in a PersistentVolume or in a volume of a pod. */
interface NfsSource {
  readonly nfs?: { readonly server: string; readonly path: string };
  readonly csi?: { readonly driver: string; readonly volumeAttributes?: Readonly<Record<string, string>> };
}

function nfsLocation({ nfs, csi }: NfsSource): Location | undefined {
  if (nfs) return exportLocation('NFS', nfs.server, nfs.path);
  return csi?.driver === nfsDriver ? nfsCsiLocation(csi.volumeAttributes) : undefined;
}

/** Whether a pod has ended, with all of its containers. */
export function hasEnded({ status }: V1Pod): boolean {
  const { phase, initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  // If a pod's node no longer responds, the control plane sets only the phase.
  return (phase === 'Succeeded' || phase === 'Failed') && !all.some(isRunning);
}

function isRunning({ state }: V1ContainerStatus): boolean {
  return state?.running !== undefined;
}
