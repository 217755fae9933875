import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Cluster } from '../cluster/cluster';
import { UserError } from '../core/problems';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { identifiedNodes } from '../nodes/identified-nodes';
import type { ReachedNode } from '../nodes/runner';

/**
 * Nodes whose scripts decline on another machine than the cluster has under the node's name. For commands that also work before there is
 * a cluster: if it can't be asked, or the description has no app in it, the nodes are taken as they are described.
 *
 * @param list asks the cluster for its nodes. Default: the cluster of the description's context
 */
export async function knownMachines(
  nodes: readonly ReachedNode[],
  { description: { context, apps } }: Pick<Cluster, 'description'>,
  list: () => Promise<readonly V1Node[]> = () => nodesOf(context),
): Promise<ReachedNode[]> {
  if (Object.keys(apps).length === 0) return [...nodes];
  try {
    const inCluster = await list();
    return identifiedNodes(nodes, { list: async () => inCluster as never });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [...nodes];
  }
}

async function nodesOf(context: string | undefined): Promise<readonly V1Node[]> {
  checkKubeconfig(context);
  return new ClusterClient(context).list<V1Node>('Node');
}
