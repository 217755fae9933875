import { describe, expect, it } from 'vitest';
import { contradictions } from '../../../lib/migration/survey/contradictions';
import type { MoveTraces } from '../../../lib/migration/survey/move-traces';
import type { RecoveredJournal } from '../../../lib/migration/survey/recovered-journal';

const seal = (attempt: number) => ({ attempt, uuid: '5a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8' });
const on = (claim: string) => ({ '/config': claim });
const fence = { name: 'lunward-media.app', message: '', refused: ['config'], isOfStopped: false };
const record = (phase: 'stopping' | 'rolling-back') => ({
  phase,
  at: '',
  replicas: 1,
  volumes: [{ mountPath: '/config', from: 'config', to: 'config-2' }],
});

/** An app that was moved to `config-2`, and runs there. */
const moved: MoveTraces = {
  app: 'app',
  namespace: 'media',
  locked: on('config-2'),
  sealed: { 'config-2': seal(1) },
  first: on('config'),
  created: ['config-2'],
  fence,
  workload: { replicas: 1, ready: 1, claims: on('config-2') },
  guarded: { 'config-2': seal(1) },
  pods: [{ name: 'app-1', claims: on('config-2') }],
};
/** An app that a first move has stopped. */
const stopped: MoveTraces = {
  ...moved,
  locked: {},
  sealed: {},
  created: [],
  fence: { ...fence, isOfStopped: true, record: record('stopping') },
  workload: { replicas: 0, ready: 0, claims: on('config') },
  guarded: {},
  pods: [],
};
const onSecond: RecoveredJournal = { live: on('config-2') };
const onFirst: RecoveredJournal = { live: on('config') };
const stopping: RecoveredJournal = { live: {}, cutover: record('stopping') };

describe('the records of an app without a journal', () => {
  it.each<[string, MoveTraces, RecoveredJournal]>([
    ['it runs on its live volume', moved, onSecond],
    [
      'it was rolled back',
      {
        ...moved,
        locked: on('config'),
        fence: { ...fence, refused: ['config-2'] },
        workload: { replicas: 1, ready: 1, claims: on('config') },
        guarded: {},
        pods: [{ name: 'app-1', claims: on('config') }],
      },
      onFirst,
    ],
    ['its first move has stopped it', stopped, stopping],
    [
      'it is being rolled back, which the operator has approved',
      { ...stopped, created: ['config-2'], fence: { ...fence, isOfStopped: true, record: record('rolling-back') } },
      { live: on('config'), cutover: { ...record('rolling-back'), phase: 'returning' } },
    ],
  ])('agree if %s', (_, traces, written) => {
    expect(contradictions(traces, written)).toEqual([]);
  });

  it.each<[string, MoveTraces, RecoveredJournal, string]>([
    [
      'the fence refuses the live volume',
      { ...moved, fence: { ...fence, refused: ['config-2'] } },
      onSecond,
      'the fence',
    ],
    [
      'a later claim exists that the lock file does not know',
      { ...moved, created: ['config-2', 'config-3'] },
      onSecond,
      'claim config-3 is in the cluster',
    ],
    [
      'the app may have run on the target already',
      { ...stopped, sealed: { 'config-2': seal(1) }, created: ['config-2'] },
      stopping,
      'claim config-2 is in the cluster, so the app may have run on it',
    ],
    [
      'the guard accepts a later attempt than the lock file has',
      { ...moved, guarded: { 'config-2': seal(2) } },
      onSecond,
      'accepts config-2 sealed as attempt 2, but lunward.lock.json has it sealed as attempt 1',
    ],
    ['the Deployment has no guard', { ...moved, guarded: {} }, onSecond, 'accepts config-2 without a seal'],
    [
      'a pod still runs on another volume than the Deployment names',
      { ...moved, pods: [{ name: 'app-1', claims: on('config') }] },
      onSecond,
      'pod app-1 mounts config at /config',
    ],
    ['the pods are unknown', { ...moved, pods: undefined }, onSecond, 'could not be listed'],
  ])('disagree if %s', (_, traces, written, reason) => {
    expect(contradictions(traces, written)).toEqual([expect.stringContaining(reason)]);
  });
});
