import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { hasItsVolumes, judgePods } from '../../../lib/migration/cutover/judge-pod';

const status = (name: string, state: V1ContainerStatus['state'], restartCount = 0): V1ContainerStatus => ({
  name,
  state,
  restartCount,
  image: '',
  imageID: '',
  ready: false,
});
const running = { running: {} };
const runningFor = (minutes: number) => ({ running: { startedAt: new Date(Date.now() - minutes * 60_000) } });
const ended = (exitCode: number, message?: string) => ({ terminated: { exitCode, message, reason: 'Error' } });

function pod({
  claim = 'config-2',
  ready = false,
  ending = false,
  guard = ended(0),
  app = running,
  restarts = 0,
} = {}): V1Pod {
  return {
    metadata: { name: 'app-1', ...(ending && { deletionTimestamp: new Date() }) },
    spec: {
      nodeName: 'node-b',
      containers: [],
      volumes: [{ name: 'config', persistentVolumeClaim: { claimName: claim } }],
    },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      initContainerStatuses: [status('lunward-guard', guard as V1ContainerStatus['state'])],
      containerStatuses: [status('app', app as V1ContainerStatus['state'], restarts)],
    },
  };
}

describe('an app is', () => {
  it.each<[string, readonly V1Pod[], string, RegExp]>([
    ['no pod', [], 'waiting', /no pod yet/],
    ['the old pod, which is ending', [pod({ ending: true, claim: 'config' })], 'waiting', /no pod yet/],
    ['two pods', [pod(), pod()], 'waiting', /2 pods/],
    ['a pod that is starting', [pod()], 'waiting', /on node-b and not Ready/],
    ['a pod that is Ready', [pod({ ready: true })], 'ready', /^$/],
    ['a pod that is Ready, beside one that is ending', [pod({ ending: true }), pod({ ready: true })], 'ready', /^$/],
    ['a pod on the old claim', [pod({ claim: 'config', ready: true })], 'failed', /does not mount claim config-2/],
    [
      'a pod whose guard refused',
      [pod({ guard: ended(1, 'keeps the app from this volume') })],
      'failed',
      /guard of pod app-1 ended it: keeps the app from this volume/,
    ],
    ['a pod that ended twice', [pod({ restarts: 2 })], 'waiting', /not Ready/],
    [
      'a pod that ends again and again',
      [pod({ restarts: 3, app: ended(139) as never })],
      'failed',
      /container app of pod app-1 ended 3 times: exit code 139 \(Error\)/,
    ],
    [
      'a pod that has ended again and again, and has been Ready for a day',
      [pod({ ready: true, restarts: 5, app: runningFor(24 * 60) as never })],
      'ready',
      /^$/,
    ],
    [
      'a pod that ends again and again, and is Ready for a moment',
      [pod({ ready: true, restarts: 5, app: runningFor(1) as never })],
      'failed',
      /ended 5 times/,
    ],
    [
      'a pod that waits for its image',
      [pod({ app: { waiting: { reason: 'ImagePullBackOff' } } as never })],
      'waiting',
      /app: ImagePullBackOff/,
    ],
  ])('judged by %s', (_, pods, state, reason) => {
    const judged = judgePods(pods, ['config-2']);
    expect(judged.state).toBe(state);
    expect('reason' in judged ? judged.reason : '').toMatch(reason);
  });
});

it('does not fail because its guard refused once and then let it start', () => {
  const { status: seen, ...rest } = pod({ ready: true });
  const initContainerStatuses = seen?.initContainerStatuses?.map((one) => ({ ...one, lastState: ended(1) }));
  expect(judgePods([{ ...rest, status: { ...seen, initContainerStatuses } }], ['config-2']).state).toBe('ready');
});

describe('the volumes of a pod', () => {
  const waiting = { waiting: { reason: 'PodInitializing' } } as never;
  it.each<[string, V1Pod, boolean]>([
    ['are not mounted while its first container waits', pod({ guard: waiting, app: waiting }), false],
    ['are mounted once its guard runs', pod({ guard: running as never, app: waiting }), true],
    ['are mounted once its guard has ended', pod({ app: waiting }), true],
    [
      'are mounted while its image is pulled',
      {
        ...pod({ guard: waiting, app: waiting }),
        status: { conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }] },
      },
      true,
    ],
    ['are not known of a pod without statuses', { spec: { containers: [] } }, false],
  ])('%s', (_, one, expected) => {
    expect(hasItsVolumes(one)).toBe(expected);
  });
});
