import { loadCluster } from '../../cluster/load-cluster';
import { canonicalPortal, parsePortal } from '../../core/addresses';
import { UserError } from '../../core/problems';
import { readableBytes } from '../../core/quantity';
import { inspectNodes, namesakes, sharedNames } from '../../nodes/observation';
import type { ReachedNode } from '../../nodes/runner';
import { reachedNodes } from '../../nodes/ssh/ssh-nodes';
import { type DiscoveredIscsi, discoverIscsi } from '../../scripts/node/discover-iscsi';
import { knownMachines } from '../known-machines';
import { printResult } from '../result';

/** What the command is given besides the portal. */
export interface DiscoverOptions {
  /** The description, which says how nodes are reached. */
  readonly file: string;
  /** The node to look from. Default: the first that is reached by SSH. */
  readonly node?: string;
  readonly json?: boolean;
}

/** Prints what an iSCSI portal shows to a node. Nothing is changed there, and nothing stays. */
export async function discover(portal: string, options: DiscoverOptions): Promise<void> {
  const written = writtenPortal(portal);
  const { cluster } = await loadCluster(options.file);
  const nodes = await knownMachines(reachedNodes(cluster), cluster);
  const { name, runner } = nodeOf(nodes, options.node);
  await assertOwnInitiatorName(name, nodes);
  const report = await runner.run(discoverIscsi(written));
  if (report.result === 'declined') {
    throw new UserError(`Node ${name} could not discover ${written}: ${report.reason}; nothing was changed there`, {
      code: 'step-declined',
    });
  }
  const { facts } = report;
  const result = { portal: written, node: name, ...facts };
  printResult('discover', options, result, () => text(facts, name, written));
}

/** As udev and the kubelet write it. */
function writtenPortal(portal: string): string {
  if (!parsePortal(portal)) {
    throw new UserError(
      `"${portal}" is no portal: expected an IP address, with the port if it is not 3260, such as "192.0.2.200" or "[2001:db8::200]:3260"`,
      { category: 'usage', code: 'portal-invalid' },
    );
  }
  return canonicalPortal(portal);
}

/**
 * It logs in to every target, those that other nodes use too.
 *
 * @throws UserError if another node that answers has this node's initiator name
 */
export async function assertOwnInitiatorName(node: string, nodes: readonly ReachedNode[]): Promise<void> {
  const looks = await inspectNodes(nodes);
  const others = namesakes(node, looks);
  if (others.length === 0) return;
  throw new UserError(
    `Node ${node} has the initiator name of ${others.map(({ name }) => name).join(', ')}, so each of its logins would end the session of that ` +
      'node with the same target, with the disks in use there. It logged in to nothing: "lunward doctor" shows how to give a node a name of its own',
    {
      category: 'refused',
      code: 'initiator-name-shared',
      advice: sharedNames([...others, ...looks.filter(({ name }) => name === node)]),
    },
  );
}

function nodeOf(nodes: readonly ReachedNode[], name: string | undefined): ReachedNode {
  const found = name === undefined ? nodes[0] : nodes.find((node) => node.name === name);
  if (found) return found;
  throw new UserError(
    `The description has no node "${name}" that is reached by SSH: expected ${nodes.map((node) => node.name).join(' or ')}`,
    { category: 'usage', code: 'no-such-node' },
  );
}

function text({ initiatorName, targets }: DiscoveredIscsi, node: string, portal: string): string {
  const head = `${portal}, seen from ${node} (${initiatorName})`;
  if (targets.length === 0) return `${head}: no targets. A NAS may show them only to initiator names that it lists.`;
  return [head, ...targets.flatMap(targetLines)].join('\n');
}

function targetLines({ iqn, problem, luns }: DiscoveredIscsi['targets'][number]): string[] {
  if (problem) return ['', iqn, `  not seen: ${problem}`];
  if (luns.length === 0) return ['', iqn, '  no LUNs'];
  const sorted = [...luns].sort((one, other) => one.lun - other.lun);
  return [
    '',
    iqn,
    ...sorted.map(({ lun, bytes, wwn, serial, content, use }) =>
      [
        `  LUN ${String(lun).padEnd(3)}`,
        readableBytes(bytes).padStart(9),
        wwn || serial || 'no name',
        content || 'nothing that is recognised',
        ...(use ? [use] : []),
      ].join('  '),
    ),
  ];
}
