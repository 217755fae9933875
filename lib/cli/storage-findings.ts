import type { LiveCluster } from '../cluster/live';
import type { Finding } from '../core/advice';
import { UnreachableError, UserError } from '../core/problems';
import { type DescribedVolume, describedVolumes } from '../doctor/described-volumes';
import { sourceFindings } from '../doctor/sources';
import { type Unasked, unaskedFindings } from '../doctor/unasked';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { fileSystemErrors } from '../migration/survey/file-system-errors';
import type { NodeObservation } from '../nodes/observation';
import { runForFacts } from '../nodes/run-script';
import type { ReachedNode } from '../nodes/runner';
import type { Chap } from '../scripts/chap';
import { probeSource } from '../scripts/copy/probe-source';
import type { NfsSource } from '../scripts/copy/source';
import { type DataVolume, isMovable, movable } from '../storage/registry';
import { usedVolume } from '../storage/used-volume';
import { isPersistent } from '../volumes/kinds';
import type { MediaAppModel } from '../workload/model';

/**
 * Looks at the described volumes that nodes can inspect without mounting them, at one after the other, from each node in turn.
 *
 * @param client none where the cluster, which has the credentials, can't be asked
 */
export async function targetsOfApps(
  live: LiveCluster,
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  client: ClusterClient | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const unasked: Unasked[] = [];
  for (const described of describedVolumes(live)) {
    const { volume, namespace } = described;
    if (!isMovable(volume) || !movable(volume).findings) continue;
    if (movable(volume).needsCredentials(volume) && !client) continue;
    const chap = client && (await chapOrError(volume, namespace, client));
    if (chap instanceof UnreachableError) {
      // It says nothing about the Secret.
      unasked.push({ about: `the credentials of "${volume.name}"`, error: chap });
    } else if (chap instanceof UserError) {
      findings.push(unusable(described, chap));
    } else {
      findings.push(...(await targetOf({ ...described, volume }, nodes, looks, chap)));
    }
  }
  const remedy = 'until then these targets are not checked';
  return [...findings, ...unaskedFindings(unasked).map((finding) => ({ ...finding, remedy }))];
}

/** Asked apart from the target: an error here is the cluster's, never a node's. */
async function chapOrError(
  volume: DataVolume,
  namespace: string,
  client: ClusterClient,
): Promise<Chap | UserError | undefined> {
  try {
    return await movable(volume).credentials(volume, namespace, client);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error;
  }
}

function unusable({ app, volume }: DescribedVolume, error: UserError): Finding {
  return {
    code: 'chap-secret-unusable',
    subject: `App ${app}`,
    severity: 'error',
    found: `lacks credentials: ${error.message}`,
    remedy: `until then "${volume.name}" can't be mounted`,
  };
}

async function targetOf(
  { app, volume, isLive }: DescribedVolume & { readonly volume: DataVolume },
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  chap: Chap | undefined,
): Promise<Finding[]> {
  const kind = movable(volume);
  const seen = await kind.inspectTarget(volume, {
    nodes,
    observe: async () => looks,
    users: async () => [],
    ...(chap && { chap }),
  });
  return [...(kind.findings?.(volume, { app, isLive, ...seen }) ?? [])];
}

/**
 * Looks for errors of the file systems that apps have their data on, on every node that could be inspected.
 *
 * @param client as for `targetsOfApps`
 */
export async function fileSystemsOfApps(
  live: LiveCluster,
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  client: ClusterClient | undefined,
): Promise<Finding[]> {
  const able = nodes.filter(({ name }) => looks.some((look) => look.name === name && look.problem === undefined));
  const findings: Finding[] = [];
  for (const { app, volume, namespace, isLive } of describedVolumes(live)) {
    if (!isLive || !isMovable(volume)) continue;
    const asked = client && (await chapOrError(volume, namespace, client));
    // What is wrong with them is found with its target.
    const chap = asked instanceof UserError ? undefined : asked;
    findings.push(...(await fileSystemErrors({ app, volume, ...(chap && { chap }) }, able, async () => looks)));
  }
  return findings;
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

/** The NFS folder that an app has its settings in, through whichever kind of volume. */
function configOnNfs({ mounts, configPath, namespace }: MediaAppModel): NfsSource | undefined {
  const volume = mounts.find(({ mountPath }) => mountPath === configPath)?.volume;
  if (volume?.kind === 'nfsCsi') return { ...volume, path: volume.share };
  if (!volume || !isPersistent(volume) || !isMovable(volume)) return undefined;
  const { mountOptions } = volume;
  const { nfs } = usedVolume(volume, namespace);
  return nfs && { ...nfs, ...(mountOptions && { mountOptions }) };
}
