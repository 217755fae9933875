import type { LiveCluster } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import type { Finding } from '../core/advice';
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { Journal } from '../migration/journal/journal';
import { lostJournalAdvice } from '../migration/survey/lost-journal';
import { tracesOfMoves } from '../migration/survey/move-traces';
import { type Unasked, unaskedFindings } from './unasked';

/** Reports apps that were moved and have lost their journal. */
export async function lostJournalFindings(
  { apps }: Pick<LiveCluster, 'apps'>,
  lock: Lock,
  client: Pick<ClusterClient, 'list' | 'read'>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const unasked: Unasked[] = [];
  for (const [app, model] of Object.entries(apps)) {
    const metadata = { name: Journal.nameFor(app), namespace: model.namespace };
    try {
      if (await client.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata })) continue;
      const traces = await tracesOfMoves({ app, model, lock, client });
      if (traces) findings.push({ ...lostJournalAdvice(traces), severity: 'error' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unasked.push({ about: `the journal of ${app}`, error });
    }
  }
  return [...findings, ...unaskedFindings(unasked)];
}
