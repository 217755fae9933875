import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Finding } from '../core/advice';
import { MACHINE_ID_REMEDY } from '../nodes/findings';
import { machineIdOf, nodeNamed } from '../nodes/identified-nodes';
import type { NodeFacts } from '../scripts/node/node-facts';

type Described = Readonly<Record<string, Pick<NodeFacts, 'machineId'>>>;

/** The names of described nodes whose address leads to another machine than the cluster has under that name. */
export function mistakenNodes(described: Described, nodes: readonly V1Node[]): string[] {
  return Object.entries(described).flatMap(([name, { machineId }]) => {
    const expected = machineIdOf(nodeNamed(name, nodes));
    return expected === '' || expected === machineId ? [] : [name];
  });
}

/**
 * Findings about described nodes that are not the machines of the cluster, and about nodes of the cluster that can't be
 * told apart. What two described nodes have in common is found by `findingsOf`.
 *
 * @param described facts of the described nodes, by name
 * @param nodes all nodes of the cluster
 */
export function machineFindings(described: Described, nodes: readonly V1Node[]): Finding[] {
  const mistaken = mistakenNodes(described, nodes).map((name) => ({
    code: 'node-address-mistaken' as const,
    subject: name,
    affects: { node: name },
    severity: 'error' as const,
    found:
      `is described with the address of another machine: that one has the machine id ${described[name]?.machineId || '(none)'}, ` +
      `the cluster's ${name} has ${machineIdOf(nodeNamed(name, nodes))}`,
    remedy:
      'correct its ssh address in the description: what is found there says nothing about this node; ' +
      'if its machine id was changed, restart its kubelet',
  }));
  const unknown = Object.keys(described)
    .filter((name) => !nodeNamed(name, nodes))
    .map((name) => ({
      code: 'node-not-in-cluster' as const,
      subject: name,
      affects: { node: name },
      severity: 'warning' as const,
      found: 'is described, and the cluster has no node of that name',
      remedy: 'describe nodes by their names in the cluster (kubectl get nodes), or have it join',
    }));
  return [...mistaken, ...unknown, ...clones(described, nodes)];
}

function clones(described: Described, nodes: readonly V1Node[]): Finding[] {
  return nodes.flatMap((node, index) => {
    const id = machineIdOf(node);
    const other = nodes.slice(0, index).find((before) => machineIdOf(before) === id);
    const [name, otherName] = [node, other].map((one) => one?.metadata?.name ?? '') as [string, string];
    if (!id || !other || (name in described && otherName in described)) return [];
    return [
      {
        code: 'machine-id-shared' as const,
        subject: name,
        affects: { node: name },
        severity: 'error' as const,
        found: `has the machine id of ${otherName}, by the cluster: ${id}`,
        remedy: MACHINE_ID_REMEDY,
      },
    ];
  });
}
