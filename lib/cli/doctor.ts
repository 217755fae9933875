import { SshExecutor, type SshTarget } from '../executors/ssh';
import { loadCluster } from '../load/load-cluster';
import { type Finding, findingsOf } from '../nodes/findings';
import { type NodeFacts, nodeFacts } from '../shell/node-facts';
import { UserError } from '../spec/problems';
import { findingLines } from './finding-lines';
import { reachedNodes } from './reached-nodes';

/** Looks at every node that is reached by SSH and prints what is wrong; returns the exit code. */
export async function doctor(options: { readonly file: string; readonly json?: boolean }): Promise<number> {
  const { cluster } = await loadCluster(options.file);
  const targets = reachedNodes(cluster);
  const looks = await Promise.all(targets.map(look));
  const nodes = Object.fromEntries(looks.flatMap(({ name, facts }) => (facts ? [[name, facts] as const] : [])));
  const findings = [...looks.flatMap(({ finding }) => finding ?? []), ...findingsOf(nodes)];
  console.log(options.json ? JSON.stringify({ nodes, findings }, undefined, 2) : text(nodes, findings));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

interface Look {
  readonly name: string;
  readonly facts?: NodeFacts;
  readonly finding?: Finding;
}

/** A node that can't be looked at is a finding itself: the others are looked at all the same. */
async function look(target: SshTarget): Promise<Look> {
  const { name } = target;
  try {
    const report = await new SshExecutor(target).run(nodeFacts());
    if (report.result !== 'declined') return { name, facts: report.facts };
    throw new UserError(report.reason);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remedy = 'until then nothing is known of it';
    return { name, finding: { node: name, severity: 'error', text: error.message, remedy } };
  }
}

function text(nodes: Readonly<Record<string, NodeFacts>>, findings: readonly Finding[]): string {
  const seen = Object.entries(nodes).map(
    ([name, facts]) => `${name}: ${facts.systemName}, ${facts.initiatorName || 'no initiator name'}`,
  );
  const told = findingLines(findings);
  return [...seen, ...(told.length > 0 ? told : ['', 'Nothing is wrong with them.'])].join('\n');
}
