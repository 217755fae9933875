import { loadCluster } from '../../cluster/load-cluster';
import type { Finding } from '../../core/advice';
import { UserError } from '../../core/problems';
import { sharedInitiatorNames } from '../../nodes/findings';
import { preparation } from '../../nodes/preparation';
import type { ReachedNode } from '../../nodes/runner';
import { reachedNodes, type SshNode, sshNodes } from '../../nodes/ssh/ssh-nodes';
import type { DeclineCode } from '../../scripts/decline-codes';
import { nodeFacts } from '../../scripts/node/node-facts';
import type { PreparedNode } from '../../scripts/node/prepare-node';
import type { Report } from '../../scripts/report';
import { knownMachines } from '../known-machines';
import { printResult } from '../result';
import { coloured } from '../terminal/colour';
import { findingLines } from '../views/finding-lines';

/**
 * Prepares every node that is reached by SSH, all at once, and prints what was done to each; returns the exit code. A node
 * that fails does not keep the others from being prepared.
 */
export async function nodes(options: { readonly file: string; readonly json?: boolean }): Promise<number> {
  const { cluster } = await loadCluster(options.file);
  const described = sshNodes(cluster);
  const known = await knownMachines(reachedNodes(cluster), cluster);
  const outcomes = await Promise.all(known.nodes.map((node, index) => prepare(node, described[index] as SshNode)));
  const shared = sharedInitiatorNames(outcomes.map(({ node, initiatorName }) => [node, initiatorName]));
  const findings = [...known.findings, ...shared];
  printResult('nodes', options, { nodes: outcomes, findings }, () => text(outcomes, findings).join('\n'));
  const isPrepared = ({ result }: Outcome) => result === 'changed' || result === 'unchanged';
  return shared.length === 0 && outcomes.every(isPrepared) ? 0 : 1;
}

interface Outcome {
  readonly node: string;
  readonly result: Report<unknown>['result'] | 'failed';
  /** Empty where it is not known. */
  readonly initiatorName: string;
  readonly reason?: string;
  readonly code?: DeclineCode;
  readonly facts?: PreparedNode;
}

async function prepare({ name: node, runner }: ReachedNode, target: SshNode): Promise<Outcome> {
  try {
    const report = await runner.run(preparation(target));
    if (report.result !== 'declined') return { node, ...report, initiatorName: report.facts.initiatorName };
    // Not prepared, it may have the name of another node all the same.
    const seen = await runner.run(nodeFacts());
    return { node, ...report, initiatorName: seen.result === 'declined' ? '' : seen.facts.initiatorName };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { node, result: 'failed', initiatorName: '', reason: error.message };
  }
}

function text(outcomes: readonly Outcome[], findings: readonly Finding[]): string[] {
  const width = Math.max(...outcomes.map(({ node }) => node.length));
  return [...outcomes.map((outcome) => `${outcome.node.padEnd(width)}  ${line(outcome)}`), ...findingLines(findings)];
}

function line({ result, reason, facts }: Outcome): string {
  const done = facts
    ? [...(facts.installed.length > 0 ? [`installed ${facts.installed.join(', ')}`] : []), ...facts.did]
    : [];
  const detail = reason?.replaceAll('\n', '\n    ') ?? (done.join('; ') || facts?.initiatorName || '');
  return `${coloured(result, result.padEnd(9))}  ${detail}`;
}
