import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Finding } from '../spec/finding';
import { lastLine } from './events';

type Told = Pick<Finding, 'text' | 'remedy'>;

/**
 * Why a container of a pod does not run; nothing where it does, or is just starting.
 *
 * @param kubectl as a person calls it for this cluster
 */
export function containerFinding(
  { metadata, spec }: V1Pod,
  status: V1ContainerStatus,
  kubectl: string,
): Told | undefined {
  const { name, image, state, restartCount } = status;
  const reason = state?.waiting?.reason ?? '';
  const message = lastLine(state?.waiting?.message);
  const of = `-n ${metadata?.namespace}`;
  if (reason === 'CrashLoopBackOff') {
    return {
      text: `starts container ${name} again and again, ${restartCount} times so far: ${lastEnd(status)}`,
      remedy: wasKilledForMemory(status)
        ? 'it took more memory than it may: give it a higher limit'
        : `read what it said last: ${kubectl} logs ${metadata?.name} -c ${name} --previous ${of}`,
    };
  }
  if (NO_IMAGE.includes(reason)) {
    return {
      text: `can't get image ${image} of container ${name}: ${message || reason}`,
      remedy: `see that there is such an image, that ${spec?.nodeName} reaches its registry, and who may read it there`,
    };
  }
  if (NOT_MADE.includes(reason)) {
    return {
      text: `can't make container ${name}: ${message || reason}`,
      remedy: `mend what is named there; more is in: ${kubectl} describe pod ${metadata?.name} ${of}`,
    };
  }
  return undefined;
}

const NO_IMAGE = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull'];
const NOT_MADE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

function lastEnd({ lastState }: V1ContainerStatus): string {
  const { exitCode, reason } = lastState?.terminated ?? {};
  return exitCode === undefined
    ? 'how it ended is not known'
    : `it ended with ${exitCode}${reason ? ` (${reason})` : ''}`;
}

function wasKilledForMemory({ lastState }: V1ContainerStatus): boolean {
  return lastState?.terminated?.reason === 'OOMKilled';
}
