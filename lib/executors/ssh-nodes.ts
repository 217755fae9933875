import type { Cluster } from '../cluster/cluster';
import type { NodeProps } from '../cluster/description';
import { UserError } from '../spec/problems';
import { SshExecutor, type SshTarget } from './ssh';

/** A node that is reached by SSH, and who manages its packages. */
export type SshNode = SshTarget & Pick<NodeProps, 'managedBy'>;

/**
 * The nodes of a description that are reached by SSH, in its order.
 *
 * @throws UserError when there is none
 */
export function sshNodes({ description }: Cluster): SshNode[] {
  const nodes = Object.entries(description.nodes ?? {}).flatMap(([name, { ssh, ...rest }]) =>
    ssh ? [{ name, ssh, ...rest }] : [],
  );
  if (nodes.length > 0) return nodes;
  throw new UserError(
    "The description names no node that is reached by SSH: add nodes: { 'node-a': { ssh: 'admin@192.0.2.210' } }",
  );
}

/**
 * The same nodes, as what looks at them and works on them takes them.
 *
 * @throws UserError when there is none
 */
export function reachedNodes(cluster: Cluster): { readonly name: string; readonly runner: SshExecutor }[] {
  return sshNodes(cluster).map((target) => ({ name: target.name, runner: new SshExecutor(target) }));
}
