import type {
  KubernetesObject,
  V1PersistentVolumeClaim,
  V1PodTemplateSpec,
  V1StatefulSetSpec,
  V1Volume,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UnanswerableError } from '../core/problems';
import type { ClusterClient } from './cluster-client';
import { type MountObjects, podsUsing, type UsedVolume } from './volume-users';

/** What makes pods, whether it has any at the moment. */
export type Workload = KubernetesObject & {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

const KINDS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
] as const;

/**
 * Reads what makes pods in the whole cluster: nothing that another object of these kinds has made, and no Job that has ended.
 *
 * @returns why they are not known, where the user of the kubeconfig may not list them
 * @throws UnreachableError if the cluster can't be asked
 */
export async function readWorkloads(client: Pick<ClusterClient, 'list'>): Promise<readonly Workload[] | string> {
  try {
    const lists = await Promise.all(
      KINDS.map(async ([apiVersion, kind]) =>
        (await client.list<Workload>(kind, undefined, apiVersion)).map((one) => ({ ...one, apiVersion, kind })),
      ),
    );
    return lists.flat().filter((one) => !isMade(one) && !hasEnded(one));
  } catch (error) {
    if (!(error instanceof UnanswerableError)) throw error;
    return error.message;
  }
}

const isMade = ({ metadata }: Workload) => metadata?.ownerReferences?.some(({ controller }) => controller) ?? false;

const hasEnded = ({ kind, status }: Workload) =>
  kind === 'Job' &&
  (status?.conditions ?? []).some(
    ({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True',
  );

/** Whether a workload is the Deployment of an app. */
export function isDeploymentOf(
  { kind, metadata }: Workload,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): boolean {
  return kind === 'Deployment' && metadata?.name === name && metadata.namespace === namespace;
}

/** The workloads whose pods would use a volume; see `podsUsing`. */
export function workloadsUsing(
  volume: UsedVolume,
  workloads: readonly Workload[],
  objects: Pick<MountObjects, 'claims' | 'volumes'>,
): Workload[] {
  return workloads.filter((workload) => {
    const { metadata } = workload;
    const spec = { containers: [], volumes: volumesOf(workload, objects.claims) };
    return podsUsing(volume, { ...objects, pods: [{ metadata, spec }] }).length > 0;
  });
}

/** What the pods of a workload mount. */
function volumesOf({ kind, metadata, spec }: Workload, claims: readonly V1PersistentVolumeClaim[]): V1Volume[] {
  const maker = kind === 'CronJob' ? (spec?.jobTemplate as Workload | undefined)?.spec : spec;
  const mounted = (maker?.template as V1PodTemplateSpec | undefined)?.spec?.volumes ?? [];
  if (kind !== 'StatefulSet') return mounted;
  // The claim of its pod 0 is TEMPLATE-NAME-0.
  const templates = (spec as Partial<V1StatefulSetSpec> | undefined)?.volumeClaimTemplates ?? [];
  const own = claims.filter(
    (claim) =>
      claim.metadata?.namespace === metadata?.namespace &&
      templates.some((template) => {
        const start = `${template.metadata?.name}-${metadata?.name}-`;
        return claim.metadata?.name?.startsWith(start) && /^\d+$/.test(claim.metadata.name.slice(start.length));
      }),
  );
  return [
    ...mounted,
    ...own.map((claim) => ({ name: 'own', persistentVolumeClaim: { claimName: claim.metadata?.name ?? '' } })),
  ];
}

/** Such as `CronJob media/backup (a pod at "0 3 * * *")`. */
export function workloadText({ kind, metadata, spec }: Workload): string {
  const states = [
    ...(kind === 'CronJob' ? [`a pod at "${spec?.schedule}"`] : []),
    ...(spec?.suspend ? ['suspended'] : []),
    ...(spec?.replicas === 0 ? ['0 replicas'] : []),
  ];
  return `${kind} ${metadata?.namespace}/${metadata?.name}${states.length > 0 ? ` (${states.join(', ')})` : ''}`;
}
