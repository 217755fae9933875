import type { V1ContainerStatus, V1Deployment, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { hasItsVolumes } from './judge-pod';

/** Why an app that was started gets no further. */
export interface Stuck {
  /** The same text for the same cause, whatever is said of it at the moment. */
  readonly cause: string;
  readonly reason: string;
  /** How long it may last before it counts as final: some of it mends itself. Unit: seconds. */
  readonly seconds: number;
  /** Whether an earlier reason for the same cause says more. */
  readonly isVague?: boolean;
}

/** The objects that show the cause. */
export interface StuckFacts {
  /** Of the app, those that are not ending. */
  readonly pods: readonly V1Pod[];
  /** Of its namespace. */
  readonly claims: readonly V1PersistentVolumeClaim[];
  /** Default: it could not be found. */
  readonly deployment?: V1Deployment;
}

/** A pod that a quota refuses is admitted when the usage of the earlier pod is counted again. */
const ADMISSION_SECONDS = 45;
/** The scheduler looks again when a node or a PersistentVolume changes. */
const SCHEDULING_SECONDS = 30;
/** A Secret or ConfigMap may be applied a moment after the app. */
const CONTAINER_SECONDS = 60;
/** A registry says the same for as long as nothing is pushed, or permitted, there. */
const NO_IMAGE_SECONDS = 60;
/** A network, a proxy or a registry that is overloaded. */
const PULL_SECONDS = 300;

/** @param wanted claims that its pod mounts. @returns nothing where it may just take its time */
export function stuckOn({ pods, claims, deployment }: StuckFacts, wanted: readonly string[]): Stuck | undefined {
  const [pod] = pods;
  const isMounted = pod !== undefined && hasItsVolumes(pod);
  if (!isMounted) {
    for (const name of wanted) {
      const lost = lostClaim(
        name,
        claims.find(({ metadata }) => metadata?.name === name),
      );
      if (lost) return { cause: `claim ${name}`, reason: lost, seconds: 0 };
    }
  }
  return pod ? (unscheduled(pod) ?? stuckContainer(pod)) : notAdmitted(deployment);
}

function lostClaim(name: string, claim: V1PersistentVolumeClaim | undefined): string | undefined {
  if (!claim) return `claim ${name} is not in the cluster`;
  if (claim.metadata?.deletionTimestamp) return `claim ${name} is Terminating: no pod gets it any more`;
  return claim.status?.phase === 'Lost' ? `claim ${name} is Lost: its PersistentVolume is gone` : undefined;
}

/** Its ReplicaSet asks for the pod, and a quota, a policy or a webhook refuses it. */
function notAdmitted(deployment: V1Deployment | undefined): Stuck | undefined {
  const failure = deployment?.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  if (!failure) return undefined;
  const reason = `it has no pod, since the cluster refuses it: ${failure.message ?? failure.reason}`;
  return { cause: 'admission', reason, seconds: ADMISSION_SECONDS };
}

/** Messages of the scheduler's volume plugins: volumebinding/binder.go, volumezone/volume_zone.go. */
const OF_PLACE = /volume node affinity conflict|didn't match PersistentVolume's node affinity|no available volume zone/;

function unscheduled({ metadata, status }: V1Pod): Stuck | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False' || !OF_PLACE.test(condition.message ?? '')) return undefined;
  const reason = `pod ${metadata?.name} fits on no node, since its volume is not for the nodes that are left: ${condition.message}`;
  return { cause: 'scheduling', reason, seconds: SCHEDULING_SECONDS };
}

function stuckContainer({ metadata, status }: V1Pod): Stuck | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const one of all) {
    const found = stuckImage(metadata?.name ?? '', one) ?? notMade(metadata?.name ?? '', one);
    if (found) return found;
  }
  return undefined;
}

const NOT_MADE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];
const NOT_PULLED = ['ErrImagePull', 'ImagePullBackOff'];
/** Reasons that only a person can fix. Other messages of a pull are about the network or a registry's limits. */
const NEVER = ['InvalidImageName', 'ErrImageNeverPull'];
const PASSES =
  /too ?many ?requests|\b429\b|\b50[0-4]\b|rate limit|timeout|timed out|deadline|no such host|connection|TLS handshake|\bEOF\b|temporar/i;
const STAYS =
  /not found|manifest unknown|does not exist|unauthorized|denied|forbidden|no match for platform|no matching manifest/i;

function stuckImage(pod: string, { name, image, state }: V1ContainerStatus): Stuck | undefined {
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (![...NOT_PULLED, ...NEVER].includes(reason)) return undefined;
  const stays = NEVER.includes(reason) || (STAYS.test(message) && !PASSES.test(message));
  return {
    cause: `image of ${name}`,
    reason: `pod ${pod} can't get image ${image} of container ${name}: ${message || reason}`,
    seconds: stays ? NO_IMAGE_SECONDS : PULL_SECONDS,
    isVague: reason === 'ImagePullBackOff' && !STAYS.test(message) && !PASSES.test(message),
  };
}

function notMade(pod: string, { name, state }: V1ContainerStatus): Stuck | undefined {
  const { reason = '', message } = state?.waiting ?? {};
  if (!NOT_MADE.includes(reason)) return undefined;
  const said = `container ${name} of pod ${pod} can't be made (${reason}): ${message ?? 'no reason is given'}`;
  return { cause: `container ${name}`, reason: said, seconds: CONTAINER_SECONDS };
}
