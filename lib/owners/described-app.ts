import { liveCluster } from '../cluster/live';
import { loadCluster } from '../cluster/load-cluster';
import { synthesizePart } from '../constructs/cluster-charts';
import type { Advice } from '../core/advice';
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import type { LiveObject } from '../kubernetes/cluster-client';

/** An app as the current description and its lock file define it. */
export interface DescribedApp {
  readonly manifests: readonly Manifest[];
  readonly deployment: Manifest;
}

/** @throws UserError for an app without a Deployment */
export async function describedApp(file: string, app: string): Promise<DescribedApp> {
  const { cluster, lock } = await loadCluster(file);
  const manifests = synthesizePart(liveCluster(cluster, lock), app);
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  if (!deployment)
    throw new UserError(`apps.${app} makes no Deployment any more, and only those are moved`, {
      category: 'usage',
      code: 'no-deployment',
    });
  return { manifests, deployment };
}

/** How many replicas a Deployment asks for. */
export function replicasOf({ spec }: Pick<LiveObject, 'spec'>): number {
  return (spec as { readonly replicas?: number } | undefined)?.replicas ?? 1;
}

/** What is in the way of moving an app whose Deployment the cluster has not got. */
export function notInCluster({ metadata: { name, namespace } }: Pick<Manifest, 'metadata'>): Advice {
  return {
    code: 'deployment-missing',
    subject: `Deployment ${namespace}/${name}`,
    found: 'is not in the cluster',
    remedy: 'apply it first; if the app runs under another name or namespace, describe it under that one',
  };
}
