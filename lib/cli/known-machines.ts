import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Cluster } from '../cluster/cluster';
import type { Finding } from '../core/advice';
import { UserError } from '../core/problems';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { identifiedNodes } from '../nodes/identified-nodes';
import type { ReachedNode } from '../nodes/runner';

/** Nodes as a command takes them, and what it should report of that. */
export interface KnownMachines {
  readonly nodes: readonly ReachedNode[];
  /** Nothing, or that the cluster could not be asked for its machines, and why. */
  readonly findings: readonly Finding[];
}

/**
 * Nodes whose scripts decline on another machine than the cluster has under the node's name. For commands that also work before there is
 * a cluster: if it can't be asked, the nodes are taken as they are described, with a finding. If the description has no app in it, it has
 * no cluster to ask.
 *
 * @param list asks the cluster for its nodes. Default: the cluster of the description's context
 */
export async function knownMachines(
  nodes: readonly ReachedNode[],
  { description: { context, apps } }: Pick<Cluster, 'description'>,
  list: () => Promise<readonly V1Node[]> = () => nodesOf(context),
): Promise<KnownMachines> {
  if (Object.keys(apps).length === 0) return { nodes, findings: [] };
  try {
    const inCluster = await list();
    return { nodes: identifiedNodes(nodes, { list: async () => inCluster as never }), findings: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { nodes, findings: [notCompared(error.message)] };
  }
}

function notCompared(why: string): Finding {
  return {
    code: 'cluster-unreachable',
    subject: 'The cluster',
    severity: 'warning',
    found: `could not be asked which machines its nodes are, so no script has checked that an address leads to the right one: ${why}`,
    remedy: 'compare the addresses yourself, or run this again once the cluster answers',
  };
}

async function nodesOf(context: string | undefined): Promise<readonly V1Node[]> {
  checkKubeconfig(context);
  return new ClusterClient(context).list<V1Node>('Node');
}
