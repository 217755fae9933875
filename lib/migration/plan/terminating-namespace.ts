import type { Advice } from '../../core/advice';
import type { ClusterClient } from '../../kubernetes/cluster-client';

/** In a namespace that is being deleted nothing can be made, and everything ends. */
export async function namespaceRefusals(client: Pick<ClusterClient, 'read'>, name: string): Promise<Advice[]> {
  const live = await client.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  if (!live?.metadata?.deletionTimestamp) return [];
  return [
    {
      code: 'terminating',
      subject: `Namespace ${name}`,
      found: 'is Terminating: its claims and pods are deleted with it, and nothing new can be made there',
      remedy: 'set the reclaim policy of its PersistentVolumes to Retain, and describe the app in another namespace',
    },
  ];
}
