import type { Cluster } from '../../cluster/cluster';
import { loadCluster } from '../../cluster/load-cluster';
import { canonicalPortal, parsePortal } from '../../core/addresses';
import { UserError } from '../../core/problems';
import { readableBytes } from '../../core/quantity';
import { SshExecutor, type SshTarget } from '../../nodes/ssh/ssh';
import { sshNodes } from '../../nodes/ssh/ssh-nodes';
import { type DiscoveredIscsi, discoverIscsi } from '../../scripts/node/discover-iscsi';
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
  const target = nodeOf(cluster, options.node);
  const report = await new SshExecutor(target).run(discoverIscsi(written));
  if (report.result === 'declined') {
    throw new UserError(
      `Node ${target.name} could not discover ${written}: ${report.reason}; nothing was changed there`,
      { code: 'step-declined' },
    );
  }
  const { facts } = report;
  const result = { portal: written, node: target.name, ...facts };
  printResult('discover', options, result, () => text(facts, target.name, written));
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

function nodeOf(cluster: Cluster, name: string | undefined): SshTarget {
  const nodes = sshNodes(cluster);
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
