import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { LiveCluster } from '../cluster/live';
import type { Finding } from '../core/advice';
import { clock } from '../core/clock';
import { UserError } from '../core/problems';
import { claimFindings } from '../doctor/claims';
import { deletedObjectFindings } from '../doctor/deleted-objects';
import { describedVolumes } from '../doctor/described-volumes';
import { leftVolumeFindings } from '../doctor/left-volumes';
import { podFindings } from '../doctor/pods';
import { unaskedFindings } from '../doctor/unasked';
import { volumeFindings } from '../doctor/volumes';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { readStorageObjects } from '../kubernetes/storage-objects';
import { isDeploymentOf, readWorkloads, type Workload } from '../kubernetes/workload-users';
import { quote } from '../scripts/quote';
import { deploymentManifest } from '../workload/manifests/deployment';

/** What was found in the cluster. */
export interface InCluster {
  readonly isReached: boolean;
  /** All nodes of the cluster; none if it is not reached. */
  readonly nodes: readonly V1Node[];
  readonly findings: readonly Finding[];
}

/** What is wrong in the cluster with what is described; where it can't be asked, that alone. */
export async function clusterFindings(live: LiveCluster, client: ClusterClient): Promise<InCluster> {
  const apps = Object.values(live.apps);
  // A description of nodes alone has nothing there.
  if (apps.length === 0) return { isReached: false, nodes: [], findings: [] };
  const { context } = live.cluster.description;
  const described = describedVolumes(live);
  const namespaces = [...new Set([...apps, ...described].map(({ namespace }) => namespace))];
  try {
    checkKubeconfig(context);
    const objects = await readStorageObjects(client, namespaces);
    const workloads = await readWorkloads(client);
    const isDescribed = (workload: Workload) => apps.some((app) => isDeploymentOf(workload, app));
    const others = await Promise.all([
      ...namespaces.map((name) => client.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
      ...apps.map((app) => client.read(deploymentManifest(app))),
    ]);
    // Some tools make contexts with characters that a shell takes for its own.
    const kubectl = context === undefined ? 'kubectl' : `kubectl --context ${quote(context)}`;
    return {
      isReached: true,
      nodes: objects.nodes,
      findings: [
        ...deletedObjectFindings(others),
        ...volumeFindings(described, objects, kubectl),
        ...claimFindings(described, objects, kubectl),
        // Who may not list them has no findings about them.
        ...leftVolumeFindings(described, typeof workloads === 'string' ? [] : workloads, objects, isDescribed),
        ...podFindings(live.apps, { ...objects, now: new Date(clock.now()), kubectl }),
      ],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remedy = 'until then its volumes and pods are unknown, and targets that need CHAP are not checked';
    const findings = unaskedFindings([{ about: 'its volumes and pods', error }], 'error');
    return { isReached: false, nodes: [], findings: findings.map((finding) => ({ ...finding, remedy })) };
  }
}
