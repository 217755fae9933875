import type { Cluster } from '../../cluster/cluster';
import type { NodeProps } from '../../cluster/description';
import { UserError } from '../../core/problems';
import { SshExecutor, type SshTarget } from './ssh';

/** A node that is reached by SSH, and who manages its packages. */
export type SshNode = SshTarget & Pick<NodeProps, 'managedBy'>;

/**
 * Lists the nodes of a description that are reached by SSH, in the order of the description.
 *
 * @throws UserError if there is none
 */
export function sshNodes(cluster: Cluster): SshNode[] {
  const nodes = describedNodes(cluster);
  if (nodes.length > 0) return nodes;
  throw new UserError(`The description names no node that is reached by SSH: ${addNodes}`, {
    category: 'usage',
    code: 'no-such-node',
  });
}

/** The remedy if a description names no node. */
export const addNodes = "add nodes: { 'node-a': { ssh: 'admin@192.0.2.210' } }";

function describedNodes({ description }: Cluster): SshNode[] {
  return Object.entries(description.nodes ?? {}).flatMap(([name, { ssh, ...rest }]) =>
    ssh ? [{ name, ssh, ...rest }] : [],
  );
}

/**
 * Lists the nodes of a description that are reached by SSH, each with its runner.
 *
 * @throws UserError if there is none
 */
export function reachedNodes(cluster: Cluster): SshRunner[] {
  return sshNodes(cluster).map(reached);
}

/** Lists them like `reachedNodes`. Empty if the description names none, for callers that also check other things. */
export function anyReachedNodes(cluster: Cluster): SshRunner[] {
  return describedNodes(cluster).map(reached);
}

interface SshRunner {
  readonly name: string;
  readonly runner: SshExecutor;
}

const reached = (target: SshNode): SshRunner => ({ name: target.name, runner: new SshExecutor(target) });
