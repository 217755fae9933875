import type { LiveCluster } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import type { Finding } from '../core/advice';
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { Journal } from '../migration/journal/journal';
import { lostJournalAdvice } from '../migration/survey/lost-journal';
import { tracesOfMoves } from '../migration/survey/move-traces';

/** Reports apps that were moved and have lost their journal. */
export async function lostJournalFindings(
  { apps }: Pick<LiveCluster, 'apps'>,
  lock: Lock,
  client: Pick<ClusterClient, 'list' | 'read'>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [app, model] of Object.entries(apps)) {
    const metadata = { name: Journal.nameFor(app), namespace: model.namespace };
    try {
      if (await client.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata })) continue;
      const traces = await tracesOfMoves({ app, model, lock, client });
      if (traces) findings.push({ ...lostJournalAdvice(traces), severity: 'error' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const found = `could not be asked for the journal of ${app}: ${error.message}`;
      const remedy = 'run "lunward doctor" again once the cluster answers';
      findings.push({ code: 'cluster-unreachable', subject: 'The cluster', severity: 'warning', found, remedy });
    }
  }
  return findings;
}
