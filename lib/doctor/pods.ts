import type { V1ContainerStatus, V1Node, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Finding } from '../core/advice';
import { isPodOf } from '../kubernetes/pods-of-app';
import type { StorageObjects } from '../kubernetes/storage-objects';
import type { MediaAppModel } from '../workload/model';
import { containerFinding } from './containers';
import { eventsOf, lastLine } from './events';
import { isSummary, mountTrouble } from './mount-trouble';

/** What pods are judged by. */
export interface PodFacts extends Pick<StorageObjects, 'pods' | 'events' | 'nodes'> {
  readonly now: Date;
  /** The command as a person runs it for this cluster. */
  readonly kubectl: string;
}

/** The pods of apps that are stuck, and why. @param apps by their keys in the description */
export function podFindings(apps: Readonly<Record<string, MediaAppModel>>, facts: PodFacts): Finding[] {
  return Object.entries(apps).flatMap(([app, model]) =>
    facts.pods
      .filter((pod) => isPodOf(model, pod))
      .flatMap((pod) =>
        findingsOf(app, pod, facts).map((found) => ({
          subject: `Pod ${pod.metadata?.namespace}/${pod.metadata?.name}`,
          severity: 'error' as const,
          ...found,
        })),
      ),
  );
}

type Told = Pick<Finding, 'code' | 'found' | 'remedy'>;

/** Each check hides the ones after it. */
function findingsOf(app: string, pod: V1Pod, facts: PodFacts): Told[] {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return [];
  if (pod.metadata?.deletionTimestamp) return [terminating(pod, facts) ?? []].flat();
  const first = onLostNode(pod, facts) ?? unscheduled(pod, facts) ?? withoutVolumes(pod, facts);
  const { kubectl } = facts;
  return first ? [first] : statusesOf(pod).flatMap((status) => containerFinding(pod, status, { app, kubectl }) ?? []);
}

function terminating(pod: V1Pod, { nodes, now, kubectl }: PodFacts): Told | undefined {
  // The deletion timestamp already includes the grace period.
  const end = new Date(pod.metadata?.deletionTimestamp ?? now);
  const seconds = Math.round((now.getTime() - end.getTime()) / 1000);
  if (seconds <= PATIENCE_SECONDS) return undefined;
  const node = pod.spec?.nodeName ?? '';
  const late = `should have ended ${inWords(seconds)} ago`;
  if (node && isLost(node, nodes)) {
    return {
      code: 'pod-not-ended',
      found: `${late}, and ${node}, where it runs, is not ready: whether it still writes is unknown`,
      remedy:
        `start ${node} again. Only once it is off for certain: ${kubectl} taint nodes ${node} ` +
        'node.kubernetes.io/out-of-service=nodeshutdown:NoExecute, until its pods are gone',
    };
  }
  return {
    code: 'pod-not-ended',
    found: `${late}, and is still on ${node || 'no node'}`,
    remedy:
      `see whether something is said of ${node} here: a mount whose server is gone keeps a pod. Do not delete it with --force: ` +
      'what runs in it could continue to write unseen',
  };
}

const PATIENCE_SECONDS = 60;

function onLostNode({ spec }: V1Pod, { nodes }: PodFacts): Told | undefined {
  const node = spec?.nodeName;
  if (!node || !isLost(node, nodes)) return undefined;
  return {
    code: 'node-not-ready',
    found: `is on ${node}, which is not ready`,
    remedy: `see what is wrong with ${node}, and whether it is up`,
  };
}

function unscheduled({ status }: V1Pod, { kubectl }: PodFacts): Told | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False') return undefined;
  return {
    code: 'pod-not-scheduled',
    found: `is on no node: ${lastLine(condition.message) || condition.reason}`,
    remedy: `see which nodes there are, and what they have left: ${kubectl} describe nodes`,
  };
}

/** For a pod in which nothing has started: what its node last said about its volumes. */
function withoutVolumes(pod: V1Pod, { events, kubectl }: PodFacts): Told | undefined {
  const statuses = statusesOf(pod);
  const waits = statuses.every(({ state }) => BEFORE_THE_FIRST.includes(state?.waiting?.reason ?? ''));
  if (pod.status?.phase !== 'Pending' || !waits) return undefined;
  const told = eventsOf(events, 'Pod', pod.metadata).filter(({ reason }) => reason && OF_VOLUMES.includes(reason));
  const said = told.map(({ message }) => message ?? '');
  const message = said.find(mountTrouble) ?? said.find((one) => !isSummary(one)) ?? said[0];
  if (message === undefined) return undefined;
  const trouble = mountTrouble(message);
  const node = pod.spec?.nodeName ?? 'its node';
  const { namespace, name } = pod.metadata ?? {};
  return {
    code: trouble?.code ?? 'volume-not-mounted',
    found: `${trouble?.found ?? 'does not get its volumes'}: ${lastLine(message)}`,
    remedy: trouble?.remedy(node) ?? `see all that was said of it: ${kubectl} describe pod ${name} -n ${namespace}`,
  };
}

const BEFORE_THE_FIRST = ['ContainerCreating', 'PodInitializing'];
const OF_VOLUMES = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'];

function statusesOf({ status }: V1Pod): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** A deleted node does not count as lost: the cluster removes its pods. */
function isLost(name: string, nodes: readonly V1Node[]): boolean {
  const node = nodes.find(({ metadata }) => metadata?.name === name);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready !== undefined && ready.status !== 'True';
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
