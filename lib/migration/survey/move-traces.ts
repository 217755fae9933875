import type { V1Pod, V1PodSpec } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Lock } from '../../cluster/lock';
import { UnanswerableError } from '../../core/problems';
import type { ClusterClient, LiveObject } from '../../kubernetes/cluster-client';
import { fenceRefs, refusedClaims } from '../../kubernetes/fence-objects';
import { claimsByMountPath, workloadOf } from '../../owners/live-workload';
import type { Workload } from '../../owners/owner';
import { isMovable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { acceptedSeal, isGuard } from '../../workload/guard';
import { deploymentManifest } from '../../workload/manifests/deployment';
import type { MediaAppModel, Seal } from '../../workload/model';
import { type FenceRecord, recordedOnFence } from '../journal/fence-record';
import { runningPods } from './pod-place';

/** What is left of the moves of an app that has lost its journal. */
export interface MoveTraces {
  /** Key of the app in the description. */
  readonly app: string;
  readonly namespace: string;
  /** The live volumes according to the lock file: claims by mount path. */
  readonly locked: Readonly<Record<string, string>>;
  /** The seals in the lock file, by claim. */
  readonly sealed: Readonly<Record<string, Seal>>;
  /** The first generations: claims by mount path. */
  readonly first: Readonly<Record<string, string>>;
  /** Claims in the cluster of later generations that are not retired. Lunward creates such a claim when it starts the app on it. */
  readonly created: readonly string[];
  /** Default: there is no fence, or it can't be read. */
  readonly fence?: {
    readonly name: string;
    /** Message to a pod that it refuses. */
    readonly message: string;
    /** Claims that it refuses. */
    readonly refused: readonly string[];
    /** Whether the app was kept stopped when the fence was written. */
    readonly isOfStopped: boolean;
    /** What it records of the journal. Default: the app is not kept stopped, or an older version wrote the fence. */
    readonly record?: FenceRecord;
  };
  /** Default: the app has no Deployment. */
  readonly workload?: Workload;
  /** The seals that the guards in the Deployment accept, by claim. */
  readonly guarded: Readonly<Record<string, Seal>>;
  /** Running pods of the app, with their claims by mount path. Default: they can't be listed. */
  readonly pods?: readonly { readonly name: string; readonly claims: Readonly<Record<string, string>> }[];
}

export type TracedApp = {
  readonly app: string;
  readonly model: MediaAppModel;
  readonly lock: Lock;
  readonly client: Pick<ClusterClient, 'list' | 'read'>;
};

/** The parts of a fence's policy that are read here. */
interface Policy {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly resources: readonly string[] }[] };
    readonly validations: readonly { readonly message?: string; readonly expression?: string }[];
  };
}

/**
 * Reads what is left of the moves of an app that has no journal. The lock file names the live volumes, and the fence refuses the others.
 *
 * @returns nothing if the app was never moved
 */
export async function tracesOfMoves({ app, model, lock, client }: TracedApp): Promise<MoveTraces | undefined> {
  const { namespace } = model;
  const [locked, retired] = [lock.live[app] ?? {}, lock.retired?.[app]];
  const { policy } = fenceRefs({ namespace, app });
  const found = (await permitted(client.read(policy))) as (Policy & LiveObject) | undefined;
  if (!found && Object.keys(locked).length === 0 && !retired) return undefined;
  const deployment = await client.read(deploymentManifest(model));
  const pods = await permitted(client.list<V1Pod>('Pod', namespace));
  const workload = deployment && workloadOf(deployment);
  return {
    app,
    namespace,
    locked,
    sealed: lock.sealed?.[app] ?? {},
    first: firstClaims(model),
    created: await createdClaims(client, model, retired),
    ...(found && { fence: fenceTraces(found, workload) }),
    ...(workload && { workload }),
    guarded: deployment ? guardedClaims(deployment) : {},
    ...(pods && { pods: runningPods(model, pods).map(claimsOfPod) }),
  };
}

function fenceTraces(policy: Policy & LiveObject, workload: Workload | undefined): NonNullable<MoveTraces['fence']> {
  const { matchConstraints, validations } = policy.spec;
  const [{ message = '', expression = '' } = {}] = validations;
  const [record, refused] = [recordedOnFence(policy), refusedClaims(expression)];
  const isOfPods = !matchConstraints.resourceRules.some(({ resources }) => resources.includes('deployments'));
  const mounted = Object.values(workload?.claims ?? {});
  // Until a change of volumes has ended, the fence refuses only pods; those of an app that is started again are admitted.
  const isRefused = mounted.length === 0 || mounted.some((claim) => refused.includes(claim));
  return {
    name: policy.metadata?.name ?? '',
    message,
    refused,
    isOfStopped: isOfPods && (record !== undefined || isRefused),
    ...(record && { record }),
  };
}

function firstClaims({ mounts }: MediaAppModel): Record<string, string> {
  return Object.fromEntries(
    mounts.flatMap(({ mountPath, generations: [first] }) =>
      first && isPersistent(first) ? [[mountPath, first.name]] : [],
    ),
  );
}

async function createdClaims(
  client: Pick<ClusterClient, 'read'>,
  { mounts, namespace: ofApp }: MediaAppModel,
  retired: readonly string[] = [],
): Promise<string[]> {
  const later = mounts.flatMap(({ generations: [, ...others] }) => others.filter(isPersistent).filter(isMovable));
  const created: string[] = [];
  for (const { name, namespace = ofApp } of later) {
    if (retired.includes(name)) continue;
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace } };
    if (await client.read(claim)) created.push(name);
  }
  return created;
}

function guardedClaims({ spec }: LiveObject): Record<string, Seal> {
  const pod = (spec as { readonly template?: { readonly spec?: V1PodSpec } } | undefined)?.template?.spec;
  return Object.fromEntries(
    (pod?.initContainers ?? []).filter(isGuard).flatMap((guard) => {
      const volume = pod?.volumes?.find(({ name }) => name === guard.volumeMounts?.[0]?.name);
      const claim = volume?.persistentVolumeClaim?.claimName;
      return claim ? [[claim, acceptedSeal(guard)] as const] : [];
    }),
  );
}

function claimsOfPod({ metadata, spec }: V1Pod) {
  return { name: metadata?.name ?? '', claims: claimsByMountPath({ spec: { template: { spec } } }) };
}

/** A user who only plans may lack a permission. @returns nothing if so */
async function permitted<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UnanswerableError) return undefined;
    throw error;
  }
}
