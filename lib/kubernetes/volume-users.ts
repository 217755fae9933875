import type {
  V1ContainerStatus,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { nfsDriver } from '../volumes/csi';
import type { PersistentVolume } from '../volumes/kinds';
import { exportLocation, type Location, nfsCsiLocation, overlaps } from '../volumes/location';
import type { ClusterClient } from './cluster-client';

/** A volume whose users are looked for. */
export interface UsedVolume {
  readonly namespace: string;
  readonly claim: string;
  /** Its folder, where it is one of an NFS server. */
  readonly nfs?: { readonly server: string; readonly path: string };
}

/** A volume of an app as its users are looked for. @param ofApp namespace of the app */
export function usedVolume(volume: PersistentVolume, ofApp: string): UsedVolume {
  const { name: claim, namespace = ofApp } = volume;
  if (volume.kind !== 'nfs') return { namespace, claim };
  return { namespace, claim, nfs: { server: volume.server, path: volume.path } };
}

/** Where pods may have the bytes of a volume from, in the whole cluster. */
export interface MountObjects {
  readonly pods: readonly V1Pod[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly volumes: readonly V1PersistentVolume[];
}

/** Reads them, pods before all others: a claim may be bound in between. */
export async function readMountObjects(client: ClusterClient): Promise<MountObjects> {
  const pods = await client.list<V1Pod>('Pod');
  const [claims, volumes] = await Promise.all([
    client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim'),
    client.list<V1PersistentVolume>('PersistentVolume'),
  ]);
  return { pods, claims, volumes };
}

/**
 * The pods that use a volume, or may any moment: through its claim, or, of an NFS folder, through any claim or inline volume of the
 * same folder, one above or one below. A pod that is terminating uses it; one that has ended, with all of its containers, does not.
 *
 * A server is known by the name or address that objects have of it: one that goes by two names is taken for two.
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

/** As a PersistentVolume and a volume of a pod have it. */
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
  // Of a pod that its node does not answer for any more only the phase is set, by the control plane.
  return (phase === 'Succeeded' || phase === 'Failed') && !all.some(isRunning);
}

function isRunning({ state }: V1ContainerStatus): boolean {
  return state?.running !== undefined;
}
