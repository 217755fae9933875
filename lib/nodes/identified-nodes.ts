import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { confirmMachine } from '../scripts/node/confirm-machine';
import type { Report } from '../scripts/report';
import { type Machine, onMachine, type Script } from '../scripts/script';
import type { ReachedNode, Runner, Unit } from './runner';

type Cluster = Pick<ClusterClient, 'list'>;

/**
 * Nodes whose scripts run only on the machine that the cluster has under the node's name: an address in a description may
 * lead to another one, whose mounts and sessions prove nothing. A script that arrives elsewhere declines with both machine
 * ids. A node that the cluster does not have is not checked: it testifies for none of the cluster's.
 *
 * Running a script throws UnreachableError if the cluster can't be asked.
 */
export function identifiedNodes(nodes: readonly ReachedNode[], client: Cluster): ReachedNode[] {
  return nodes.map(({ name, runner }) => ({ name, runner: new IdentifiedRunner(name, runner, client) }));
}

class IdentifiedRunner implements Runner {
  constructor(
    private readonly name: string,
    private readonly runner: Runner,
    private readonly client: Cluster,
  ) {}

  async run<Facts>(script: Script<Facts>): Promise<Report<Facts>> {
    const machine = machineOf(this.name, await this.client.list<V1Node>('Node'));
    return this.runner.run(machine ? onMachine(script, machine) : script);
  }

  unit<Facts>(name: string, script: Script<Facts>): Unit<Facts> {
    const unit = this.runner.unit(name, script);
    return {
      start: async () => {
        await this.confirm();
        await unit.start();
      },
      reattach: (options) => unit.reattach(options),
      cancel: async () => {
        await this.confirm();
        await unit.cancel();
      },
    };
  }

  private async confirm(): Promise<void> {
    const report = await this.run(confirmMachine());
    if (report.result === 'declined') throw new UserError(`node ${this.name}: ${report.reason}`);
  }
}

/**
 * The machine of a node, as its kubelet reports it.
 *
 * @returns undefined if the cluster has no such node, or its kubelet found no machine id
 */
export function machineOf(name: string, nodes: readonly V1Node[]): Machine | undefined {
  const node = nodeNamed(name, nodes);
  const machineId = machineIdOf(node);
  if (!machineId) return undefined;
  const isCloned = nodes.some((other) => other !== node && machineIdOf(other) === machineId);
  const bootId = isCloned ? node?.status?.nodeInfo?.bootID : undefined;
  return { node: name, machineId, ...(bootId && { bootId }) };
}

/** A node of the cluster by its name. */
export function nodeNamed(name: string, nodes: readonly V1Node[]): V1Node | undefined {
  return nodes.find(({ metadata }) => metadata?.name === name);
}

/** Whether a node is neither described nor in the cluster: the operator's word that it is gone for good. One that is away may come back. */
export async function isGoneForGood(
  name: string,
  { nodes, client }: { readonly nodes: readonly ReachedNode[]; readonly client: Cluster },
): Promise<boolean> {
  if (nodes.some((node) => node.name === name)) return false;
  return nodeNamed(name, await client.list<V1Node>('Node')) === undefined;
}

/** The machine id of a node in the cluster, in the form of `machine_id` of lib/scripts/bash/machine.sh; empty if it has none. */
export function machineIdOf(node: V1Node | undefined): string {
  return (node?.status?.nodeInfo?.machineID ?? '').replace(/[\s-]/g, '').toLowerCase();
}
