import type {
  CoreV1Event,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { ClusterClient } from './cluster-client';

/** The volumes of a cluster and the objects that use them, read at one time. */
export interface StorageObjects {
  readonly nodes: readonly V1Node[];
  readonly volumes: readonly V1PersistentVolume[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly pods: readonly V1Pod[];
  readonly events: readonly CoreV1Event[];
}

/**
 * Reads all nodes and volumes, and the claims, pods and events of these namespaces.
 *
 * @throws UnreachableError if the cluster cannot be asked
 */
export async function readStorageObjects(
  client: ClusterClient,
  namespaces: readonly string[],
): Promise<StorageObjects> {
  const inEach = async <Kind extends V1Pod | V1PersistentVolumeClaim | CoreV1Event>(kind: string) =>
    (await Promise.all(namespaces.map((namespace) => client.list<Kind>(kind, namespace)))).flat();
  // One request comes first: an error that affects all requests is then reported once.
  const nodes = await client.list<V1Node>('Node');
  const [volumes, claims, pods, events] = await Promise.all([
    client.list<V1PersistentVolume>('PersistentVolume'),
    inEach<V1PersistentVolumeClaim>('PersistentVolumeClaim'),
    inEach<V1Pod>('Pod'),
    inEach<CoreV1Event>('Event'),
  ]);
  return { nodes, volumes, claims, pods, events };
}
