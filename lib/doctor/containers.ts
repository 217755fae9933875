import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { Finding } from '../core/advice';
import { endText, lastFailure } from '../kubernetes/container-end';
import { isGuard } from '../workload/guard';
import { lastLine } from './events';

type Told = Pick<Finding, 'code' | 'found' | 'remedy'>;

/** The context in which a container is judged. */
interface Surroundings {
  /** Key of the app in the description. */
  readonly app: string;
  /** The command as a person runs it for this cluster. */
  readonly kubectl: string;
}

/** Why a container of a pod does not run; undefined if it runs or is just starting. */
export function containerFinding(
  { metadata, spec }: V1Pod,
  status: V1ContainerStatus,
  { app, kubectl }: Surroundings,
): Told | undefined {
  const { name, image, state, restartCount } = status;
  const reason = state?.waiting?.reason ?? '';
  const message = lastLine(state?.waiting?.message);
  const of = `-n ${metadata?.namespace}`;
  const refused = isGuard(status) ? lastFailure(status) : undefined;
  if (refused?.exitCode === REFUSED) {
    return {
      code: 'guard-refused',
      found: `is kept from its volume by ${name}: ${endText(refused)}`,
      remedy:
        `leave the guard in place, and do not format the volume. "lunward status ${app}" says which volume was sealed: where ` +
        'lunward.lock.json says another, run it with --write-lock and apply the app again; else have the NAS serve that volume. ' +
        `If it does, and only the marker was deleted: stop the app, and "lunward seal ${app}" writes it again`,
    };
  }
  const logs = `${kubectl} logs ${metadata?.name} -c ${name}`;
  if (state?.terminated && state.terminated.exitCode !== 0) {
    return {
      code: 'init-container-failed',
      found: `waits for container ${name}: ${lastEnd(state.terminated)}`,
      remedy: remedyFor(state.terminated, `${logs} ${of}`),
    };
  }
  if (reason === 'CrashLoopBackOff') {
    const last = status.lastState?.terminated;
    return {
      code: 'container-restarts',
      found: `starts container ${name} again and again, ${restartCount} times so far: ${lastEnd(last)}`,
      remedy: remedyFor(last, `${logs} --previous ${of}`),
    };
  }
  if (NO_IMAGE.includes(reason)) {
    return {
      code: 'image-missing',
      found: `can't get image ${image} of container ${name}: ${message || reason}`,
      remedy: `see that there is such an image, that ${spec?.nodeName} reaches its registry, and who may read it there`,
    };
  }
  if (NOT_MADE.includes(reason)) {
    return {
      code: 'container-not-made',
      found: `can't make container ${name}: ${message || reason}`,
      remedy: `mend what is named there; more is in: ${kubectl} describe pod ${metadata?.name} ${of}`,
    };
  }
  return undefined;
}

/** Exit code of lib/scripts/guard.sh if the volume is not the sealed one. */
const REFUSED = 1;
const NO_IMAGE = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull'];
const NOT_MADE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

function lastEnd(ended: V1ContainerStateTerminated | undefined): string {
  if (!ended) return 'how it ended is not known';
  const { exitCode, reason, message } = ended;
  const said = lastLine(message);
  return `it ended with ${exitCode}${reason ? ` (${reason})` : ''}${said ? `: ${said}` : ''}`;
}

function remedyFor(ended: V1ContainerStateTerminated | undefined, logs: string): string {
  return ended?.reason === 'OOMKilled'
    ? 'it took more memory than it may: give it a higher limit'
    : `read what it said last: ${logs}`;
}
