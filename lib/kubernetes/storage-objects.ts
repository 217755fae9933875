import type {
  CoreV1Event,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { ClusterClient } from './cluster-client';

/** What a cluster has of volumes and of what uses them, as one look at it found it. */
export interface StorageObjects {
  readonly nodes: readonly V1Node[];
  readonly volumes: readonly V1PersistentVolume[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly pods: readonly V1Pod[];
  readonly events: readonly CoreV1Event[];
}

/**
 * Reads nodes and volumes, and what these namespaces have of claims, pods and events.
 *
 * @throws UserError when the cluster can't be asked
 */
export async function readStorageObjects(
  client: ClusterClient,
  namespaces: readonly string[],
): Promise<StorageObjects> {
  const inEach = async <Kind extends V1Pod | V1PersistentVolumeClaim | CoreV1Event>(kind: string) =>
    (await Promise.all(namespaces.map((namespace) => client.list<Kind>(kind, namespace)))).flat();
  // One before the others: what keeps it from an answer keeps all of them, and is told once.
  const nodes = await client.list<V1Node>('Node');
  const [volumes, claims, pods, events] = await Promise.all([
    client.list<V1PersistentVolume>('PersistentVolume'),
    inEach<V1PersistentVolumeClaim>('PersistentVolumeClaim'),
    inEach<V1Pod>('Pod'),
    inEach<CoreV1Event>('Event'),
  ]);
  return { nodes, volumes, claims, pods, events };
}
