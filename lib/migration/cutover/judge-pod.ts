import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { clock } from '../../core/clock';
import { endText, lastFailure } from '../../kubernetes/container-end';
import { isGuard } from '../../workload/guard';

/** What is to be thought of an app that was started. */
export type Judgement =
  | { readonly state: 'ready'; readonly pod: V1Pod }
  /** It may become so. */
  | { readonly state: 'waiting'; readonly reason: string }
  /** It will not become so by itself. */
  | { readonly state: 'failed'; readonly reason: string };

const MOST_RESTARTS = 3;
/** Restarts of a container that is Ready count no more once the last one is so long ago: a run may be resumed weeks after the start. */
const RESTARTED_SECONDS = 15 * 60;

/**
 * Judges an app by its pods, of which those that are ending don't count.
 *
 * @param claims that its pod must mount
 */
export function judgePods(pods: readonly V1Pod[], claims: readonly string[]): Judgement {
  const [pod, ...others] = pods.filter(({ metadata }) => !metadata?.deletionTimestamp);
  if (!pod) return { state: 'waiting', reason: 'it has no pod yet' };
  if (others.length > 0) return { state: 'waiting', reason: `it has ${others.length + 1} pods` };
  const mounted = (pod.spec?.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
  const missing = claims.filter((claim) => !mounted.includes(claim));
  const name = `pod ${pod.metadata?.name}`;
  if (missing.length > 0) return { state: 'failed', reason: `${name} does not mount claim ${missing.join(', ')}` };
  const refused = (pod.status?.initContainerStatuses ?? []).filter(isGuard).flatMap((one) => lastFailure(one) ?? [])[0];
  if (refused) return { state: 'failed', reason: `the guard of ${name} ended it: ${endText(refused)}` };
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  const restarted = (pod.status?.containerStatuses ?? []).find(
    (one) => one.restartCount >= MOST_RESTARTS && !(isReady && isLongAgo(one)),
  );
  if (restarted) {
    const { name: container, restartCount, state, lastState } = restarted;
    return {
      state: 'failed',
      reason: `container ${container} of ${name} ended ${restartCount} times: ${endText(state?.terminated ?? lastState?.terminated)}`,
    };
  }
  return isReady ? { state: 'ready', pod } : { state: 'waiting', reason: `${name} is ${stageOf(pod)}` };
}

/** Whether a container that runs has been running for long. By the clock here, which need not be that of its node: it is a long time. */
function isLongAgo({ state, lastState }: V1ContainerStatus): boolean {
  const since = state?.running?.startedAt ?? lastState?.terminated?.finishedAt;
  return since !== undefined && clock.now() - new Date(since).getTime() > RESTARTED_SECONDS * 1000;
}

/**
 * Whether the volumes of a pod are mounted: its sandbox was made after that, which Kubernetes tells from 1.29 on, and its first
 * container has begun to run. In between its image is pulled.
 */
export function hasItsVolumes({ status }: V1Pod): boolean {
  if (status?.conditions?.some(({ type, status: is }) => type === 'PodReadyToStartContainers' && is === 'True'))
    return true;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.some(({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated);
}

function stageOf({ spec, status }: V1Pod): string {
  if (!spec?.nodeName) return 'not on a node yet';
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
    ({ name, state }) => (state?.waiting?.reason ? [`${name}: ${state.waiting.reason}`] : []),
  );
  return `on ${spec.nodeName} and not Ready${waiting.length > 0 ? ` (${waiting.join(', ')})` : ''}`;
}
