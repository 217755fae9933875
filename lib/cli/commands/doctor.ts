import { liveCluster } from '../../cluster/live';
import { loadCluster } from '../../cluster/load-cluster';
import type { Finding } from '../../core/advice';
import { fencesOfApps } from '../../doctor/fences';
import { lostJournalFindings } from '../../doctor/lost-journals';
import { machineFindings, mistakenNodes } from '../../doctor/machines';
import { ClusterClient } from '../../kubernetes/cluster-client';
import { findingsOf } from '../../nodes/findings';
import { inspectNodes, type NodeObservation } from '../../nodes/observation';
import { addNodes, anyReachedNodes } from '../../nodes/ssh/ssh-nodes';
import type { NodeFacts } from '../../scripts/node/node-facts';
import { clusterFindings } from '../cluster-findings';
import { printResult } from '../result';
import { fileSystemsOfApps, sourcesOnNfs, targetsOfApps } from '../storage-findings';
import { findingLines } from '../views/finding-lines';

/** Looks at nodes, cluster, targets and sources, and prints what is wrong; returns the exit code. Nothing is changed. */
export async function doctor(options: { readonly file: string; readonly json?: boolean }): Promise<number> {
  const { cluster, lock } = await loadCluster(options.file);
  const live = liveCluster(cluster, lock);
  const reached = anyReachedNodes(cluster);
  const client = new ClusterClient(cluster.description.context);
  const [looks, inCluster] = await Promise.all([inspectNodes(reached), clusterFindings(live, client)]);
  const nodes = Object.fromEntries(looks.flatMap(({ name, facts }) => (facts ? [[name, facts] as const] : [])));
  const mistaken = mistakenNodes(nodes, inCluster.nodes);
  // A machine that is none of the cluster's must not log in to a target, and says nothing about the cluster's nodes.
  const isMeant = ({ name }: { readonly name: string }) => !mistaken.includes(name);
  const [meantNodes, meantLooks] = [reached.filter(isMeant), looks.filter(isMeant)];
  const findings = [
    ...(reached.length === 0 ? [noNodes] : looks.flatMap(unseen)),
    ...(inCluster.isReached ? machineFindings(nodes, inCluster.nodes) : []),
    ...findingsOf(Object.fromEntries(Object.entries(nodes).filter(([name]) => isMeant({ name })))),
    ...inCluster.findings,
    ...(inCluster.isReached
      ? [...(await lostJournalFindings(live, lock, client)), ...(await fencesOfApps(live, client))]
      : []),
    ...(reached.length === 0
      ? []
      : [
          ...(await targetsOfApps(live, meantNodes, meantLooks, inCluster.isReached ? client : undefined)),
          ...(await fileSystemsOfApps(live, meantNodes, meantLooks, inCluster.isReached ? client : undefined)),
        ]),
    ...(await sourcesOnNfs(live, meantNodes, meantLooks)),
  ];
  printResult('doctor', options, { nodes, findings }, () => text(nodes, findings));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** What is in the cluster can be looked at all the same. */
const noNodes: Finding = {
  code: 'no-node-described',
  subject: 'The description',
  severity: 'error',
  found: 'names no node with ssh, so nodes, targets and sources were not checked',
  remedy: addNodes,
};

/** A node that can't be looked at is a finding itself: the others are looked at all the same. */
function unseen({ name, problem }: NodeObservation): Finding[] {
  if (problem === undefined) return [];
  const remedy = 'until then its state is unknown';
  return [
    { code: 'node-unreachable', subject: name, affects: { node: name }, severity: 'error', found: problem, remedy },
  ];
}

function text(nodes: Readonly<Record<string, NodeFacts>>, findings: readonly Finding[]): string {
  const seen = Object.entries(nodes).map(
    ([name, facts]) => `${name}: ${facts.systemName}, ${facts.initiatorName || 'no initiator name'}`,
  );
  const told = findingLines(findings);
  return [...seen, ...(told.length > 0 ? told : ['', 'Nothing is wrong with them.'])].join('\n');
}
