import type { V1ContainerStatus, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { describe, expect, it } from 'vitest';
import { type StuckFacts, stuckOn } from '../../../lib/migration/cutover/stuck-pod';
import { untyped } from '../../helpers';

const claim = (phase: string, metadata = {}) =>
  untyped<V1PersistentVolumeClaim>({ metadata: { name: 'config-2', ...metadata }, status: { phase } });
const bound = claim('Bound');

function pod(status: V1Pod['status'] = {}): V1Pod {
  return untyped({ metadata: { name: 'app-1' }, spec: {}, status });
}

const waiting = (reason: string, message?: string) =>
  pod({
    conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }],
    containerStatuses: [
      untyped<V1ContainerStatus>({ name: 'app', image: 'app:1', state: { waiting: { reason, message } } }),
    ],
  });
const unscheduled = (message: string) =>
  pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
const refused = (message: string) =>
  untyped<StuckFacts['deployment']>({
    status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
  });

const stuck = (facts: Partial<StuckFacts>) => stuckOn({ pods: [pod()], claims: [bound], ...facts }, ['config-2']);

describe('an app is stuck', () => {
  it.each<[string, Partial<StuckFacts>, number, RegExp]>([
    ['its claim is gone', { claims: [] }, 0, /claim config-2 is not in the cluster/],
    ['its claim is Terminating', { claims: [claim('Bound', { deletionTimestamp: new Date(0) })] }, 0, /is Terminating/],
    ['its claim is Lost', { claims: [claim('Lost')] }, 0, /is Lost: its PersistentVolume is gone/],
    [
      'a quota refuses its pod',
      { pods: [], deployment: refused('pods "app-1" is forbidden: exceeded quota: small') },
      45,
      /it has no pod, since the cluster refuses it: pods "app-1" is forbidden: exceeded quota/,
    ],
    [
      'its volume is for another node',
      { pods: [unscheduled('0/2 nodes are available: 2 node(s) had volume node affinity conflict.')] },
      30,
      /fits on no node, since its volume .*volume node affinity conflict/,
    ],
    [
      'there is no such image',
      { pods: [waiting('ErrImagePull', 'rpc error: code = NotFound desc = docker.io/library/app:1: not found')] },
      60,
      /can't get image app:1 of container app: .*not found/,
    ],
    [
      'nobody may read its image',
      { pods: [waiting('ErrImagePull', 'failed to authorize: 403 Forbidden: pull access denied')] },
      60,
      /pull access denied/,
    ],
    [
      'its image has no name',
      { pods: [waiting('InvalidImageName', 'invalid reference format')] },
      60,
      /invalid reference/,
    ],
    [
      'its registry lets nobody pull for a while',
      { pods: [waiting('ErrImagePull', 'toomanyrequests: pull rate limit, denied')] },
      300,
      /toomanyrequests/,
    ],
    [
      'its registry is not reached',
      { pods: [waiting('ErrImagePull', 'dial tcp: lookup registry.example.com: no such host')] },
      300,
      /no such host/,
    ],
    [
      'its image is waited for again',
      { pods: [waiting('ImagePullBackOff', 'Back-off pulling image "app:1"')] },
      300,
      /app:1/,
    ],
    [
      'a Secret is missing',
      { pods: [waiting('CreateContainerConfigError', 'secret "keys" not found')] },
      60,
      /container app of pod app-1 can't be made .*secret "keys" not found/,
    ],
  ])('where %s', (_, facts, seconds, reason) => {
    const found = stuck(facts);
    expect(found?.seconds).toBe(seconds);
    expect(found?.reason).toMatch(reason);
  });

  it.each<[string, Partial<StuckFacts>]>([
    ['a pod whose image is pulled for the first time', { pods: [waiting('ContainerCreating')] }],
    ['a pod that is not placed yet, for another reason', { pods: [unscheduled('0/2 nodes: 2 Insufficient memory.')] }],
    ['a claim that is not bound yet', { claims: [claim('Pending')] }],
    ['no pod yet', { pods: [] }],
    [
      'a claim that is Terminating while the pod has it',
      { claims: [claim('Bound', { deletionTimestamp: new Date(0) })], pods: [waiting('PodInitializing')] },
    ],
  ])('and may with %s', (_, facts) => {
    expect(stuck(facts)).toBeUndefined();
  });

  it('for the same cause, whatever the current message', () => {
    const pulls = [waiting('ErrImagePull', 'not found'), waiting('ImagePullBackOff', 'Back-off pulling image "app:1"')];
    const [first, second] = pulls.map((one) => stuck({ pods: [one] }));
    expect(second?.cause).toBe(first?.cause);
    expect([first?.isVague, second?.isVague]).toEqual([false, true]);
  });
});
