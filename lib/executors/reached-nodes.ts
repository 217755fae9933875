import type { Cluster } from '../cluster/cluster';
import type { NodeProps } from '../cluster/description';
import { UserError } from '../spec/problems';
import type { SshTarget } from './ssh';

/** A node that is reached by SSH, and who manages its packages. */
export type ReachedNode = SshTarget & Pick<NodeProps, 'managedBy'>;

/**
 * The nodes of a description that are reached by SSH, in its order.
 *
 * @throws UserError when there is none
 */
export function reachedNodes({ description }: Cluster): ReachedNode[] {
  const nodes = Object.entries(description.nodes ?? {}).flatMap(([name, { ssh, ...rest }]) =>
    ssh ? [{ name, ssh, ...rest }] : [],
  );
  if (nodes.length > 0) return nodes;
  throw new UserError(
    "The description names no node that is reached by SSH: add nodes: { 'node-a': { ssh: 'admin@192.0.2.210' } }",
  );
}
