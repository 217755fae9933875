import type { LiveCluster } from '../cluster/live';
import type { Finding } from '../core/advice';
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { Journal } from '../migration/journal/journal';
import { fenceFindings, fenceState } from '../migration/survey/fence-state';

/** Fences of apps that are not as the journals of these apps require. An app whose journal can't be read is left out. */
export async function fencesOfApps({ apps }: Pick<LiveCluster, 'apps'>, client: ClusterClient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [app, model] of Object.entries(apps)) {
    try {
      const journal = await Journal.read(client, model.namespace, app);
      findings.push(...fenceFindings({ app, model }, await fenceState({ app, client, model }, journal)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return findings;
}
