import type { LiveCluster } from '../cluster/live';
import type { Finding } from '../core/finding';
import { UserError } from '../core/problems';
import { type DescribedVolume, describedVolumes } from '../doctor/described-volumes';
import { sourceFindings } from '../doctor/sources';
import { targetFindings } from '../doctor/targets';
import { chapOf } from '../kubernetes/chap-secret';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { inspectTarget, type NodeObservation } from '../nodes/observation';
import { runForFacts } from '../nodes/run-script';
import type { ReachedNode } from '../nodes/runner';
import { probeSource } from '../scripts/copy/probe-source';
import type { NfsSource } from '../scripts/copy/source';
import type { IscsiVolume } from '../volumes/iscsi';
import type { MediaAppModel } from '../workload/model';

/**
 * Looks at the described LUNs, at one after the other, from each node in turn.
 *
 * @param client none where the cluster, which has the secrets of CHAP, can't be asked
 */
export async function targetsOfApps(
  live: LiveCluster,
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  client: ClusterClient | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const described of describedVolumes(live)) {
    const { volume } = described;
    // Under an initiator name of its own the target shows other things than to the node.
    if (volume.kind !== 'iscsi' || volume.initiatorName) continue;
    if (volume.chapAuthSession && !client) continue;
    findings.push(...(await targetOf({ ...described, volume }, nodes, looks, client)));
  }
  return findings;
}

async function targetOf(
  described: DescribedVolume & { readonly volume: IscsiVolume },
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  client: ClusterClient | undefined,
): Promise<Finding[]> {
  const { app, volume, namespace, isLive } = described;
  const { targetPortal: portal, iqn, name } = volume;
  try {
    const chap = client && (await chapOf(volume, namespace, client));
    return targetFindings({ app, volume, isLive, looks: await inspectTarget(nodes, looks, { portal, iqn }, chap) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remedy = `until then "${name}" can't be mounted`;
    return [{ subject: `App ${app}`, severity: 'error', text: `lacks credentials: ${error.message}`, remedy }];
  }
}

/** Looks at the config volumes that are live on NFS, from the first node that can mount it. */
export async function sourcesOnNfs(
  live: LiveCluster,
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
): Promise<Finding[]> {
  const able = looks.find(({ facts }) => facts?.programs.includes('mount.nfs'));
  const node = nodes.find(({ name }) => name === able?.name);
  if (!node) return [];
  const findings: Finding[] = [];
  for (const [app, model] of Object.entries(live.apps)) {
    const source = configOnNfs(model);
    if (source) findings.push(...sourceFindings({ app, source, found: await runForFacts(node, probeSource(source)) }));
  }
  return findings;
}

function configOnNfs({ mounts, configPath }: MediaAppModel): NfsSource | undefined {
  const volume = mounts.find(({ mountPath }) => mountPath === configPath)?.volume;
  if (volume?.kind === 'nfs') return volume;
  return volume?.kind === 'nfsCsi' ? { ...volume, path: volume.share } : undefined;
}
