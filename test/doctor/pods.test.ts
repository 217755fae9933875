import type { CoreV1Event, V1ContainerState, V1Node, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { describe, expect, it } from 'vitest';
import { defineCluster, liveCluster } from '../../lib/cluster';
import { podFindings } from '../../lib/doctor/pods';
import { describeApps, image } from '../helpers';

const { apps } = liveCluster(defineCluster(describeApps({ films: { image, name: 'jellyfin' } })));
const now = new Date('2025-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

const node = (status: string): V1Node => ({
  metadata: { name: 'node-a' },
  status: { conditions: [{ type: 'Ready', status }] },
});

function pod({ metadata, ...more }: Partial<V1Pod> = {}): V1Pod {
  return {
    metadata: {
      name: 'jellyfin-0',
      namespace: 'media',
      uid: '1',
      labels: { 'app.kubernetes.io/name': 'jellyfin' },
      ...metadata,
    },
    spec: { nodeName: 'node-a', containers: [] },
    ...more,
  };
}

function container(state: V1ContainerState, lastState?: V1ContainerState, phase = 'Running'): Partial<V1Pod> {
  const status = { name: 'app', image, imageID: '', ready: false, restartCount: 7, state, lastState };
  return { status: { phase, containerStatuses: [status] } };
}
/** A pod whose guard, an init container, is in these states. */
function guarded(state: V1ContainerState, lastState?: V1ContainerState): Partial<V1Pod> {
  const { status } = container({ waiting: { reason: 'PodInitializing' } }, undefined, 'Pending');
  const guard = { name: 'lunward-guard', image, imageID: '', ready: false, restartCount: 2, state, lastState };
  return { status: { ...status, initContainerStatuses: [guard] } };
}
const refusal = 'lunward keeps the app from this volume: it has no marker of lunward';
const ended = (exitCode: number, message?: string) => ({ terminated: { exitCode, message, reason: 'Error' } });
const waiting = (reason: string, message?: string) => ({ waiting: { reason, message } });
const creating = container(waiting('ContainerCreating'), undefined, 'Pending');

const event = (message: string, reason = 'FailedMount', seconds = 10): CoreV1Event => ({
  metadata: {},
  involvedObject: { kind: 'Pod', name: 'jellyfin-0', namespace: 'media', uid: '1' },
  reason,
  message,
  lastTimestamp: ago(seconds),
});
const mountFailed = (output: string) =>
  event(
    `MountVolume.SetUp failed for volume "x" : mount failed: exit status 32\nMounting command: mount\nOutput: ${output}\n`,
  );

const told = (one: V1Pod, events: CoreV1Event[] = [], nodes = [node('True')]) =>
  podFindings(apps, { pods: [one], events, nodes, now, kubectl: 'kubectl' });

describe('a pod', () => {
  it.each<[string, V1Pod, CoreV1Event[], string, V1Node[], string, string]>([
    ...(
      [
        [
          'whose volume another node has',
          event('Multi-Attach error for volume "x" Volume is already used by pod(s) jellyfin-1', 'FailedAttachVolume'),
          'waits for its volume, which another node still has: Multi-Attach error for volume "x"',
          'the pod on the other node ends',
        ],
        [
          'whose disk holds nothing that can be read',
          event(
            'MountVolume.MountDevice failed for volume "x" : format of disk "/dev/sda" failed: type:("auto") … exec: "mkfs.auto": executable file not found in $PATH',
          ),
          'finds no file system on its disk, and fsType "auto" formats none',
          'leave fsType as it is',
        ],
        [
          'whose file system is broken',
          event(
            'MountVolume.MountDevice failed for volume "x" : \'fsck\' found errors on device /dev/sda but could not correct them: /dev/sda: UNEXPECTED INCONSISTENCY',
          ),
          'has a file system with errors',
          'run fsck on it, on node-a alone',
        ],
        [
          'that the target refuses',
          event(
            'MountVolume.WaitForAttach failed for volume "x" : failed to get any path for iscsi disk, last err seen:\niscsi: failed to attach disk: Error: iscsiadm: initiator reported error (24 - iSCSI login failed due to authorization failure)\n (exit status 24)',
          ),
          'is refused by the iSCSI target: ',
          'lists the initiator name of node-a',
        ],
        [
          'whose node lacks a program',
          mountFailed(
            'mount: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.',
          ),
          'needs a program that its node lacks',
          '"lunward nodes" installs it on node-a',
        ],
        [
          'that the NFS server refuses',
          mountFailed('mount.nfs: access denied by server while mounting 192.0.2.200:/x'),
          'is refused by the NFS server: mount.nfs: access denied by server while mounting 192.0.2.200:/x',
          'exports the folder to the address of node-a',
        ],
        [
          'whose folder is not there',
          mountFailed('mount.nfs: mounting 192.0.2.200:/x failed, reason given by server: No such file or directory'),
          'asks for a folder that the NFS server has not got',
          'the path is described as the NAS exports it',
        ],
        [
          'whose NAS is off',
          mountFailed('mount.nfs: Connection timed out'),
          'gets no answer from its storage: mount.nfs: Connection timed out',
          'see that the NAS is up',
        ],
        [
          'that wants a Secret',
          event('MountVolume.SetUp failed for volume "x" : secret "token" not found'),
          'needs a Secret or ConfigMap that is not there',
          'namespace of the app',
        ],
        [
          'of which nobody knows what is wrong',
          event('MountVolume.SetUp failed for volume "x" : something new'),
          'does not get its volumes: MountVolume.SetUp failed for volume "x" : something new',
          'kubectl describe pod jellyfin-0 -n media',
        ],
      ] as const
    ).map(
      ([which, said, text, remedy]) =>
        [which, pod(creating), [said], 'error', [node('True')], text, remedy] as [
          string,
          V1Pod,
          CoreV1Event[],
          string,
          V1Node[],
          string,
          string,
        ],
    ),
    [
      'that does not end',
      pod({ metadata: { deletionTimestamp: ago(300) } }),
      [],
      'error',
      [node('True')],
      'should have ended 5 min ago, and is still on node-a',
      'Do not delete it with --force',
    ],
    [
      'that does not end, on a node that is gone,',
      pod({ metadata: { deletionTimestamp: ago(61) } }),
      [],
      'error',
      [node('Unknown')],
      'should have ended 61 s ago, and node-a, where it runs, is not ready',
      'Only once it is off for certain: kubectl taint nodes node-a node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
    ],
    [
      'on a node that is gone',
      pod(container({ running: {} })),
      [],
      'error',
      [node('False')],
      'is on node-a, which is not ready',
      'see what is wrong with node-a',
    ],
    [
      'that no node takes',
      pod({
        spec: { containers: [] },
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes: volume node affinity conflict' }],
        },
      }),
      [],
      'error',
      [],
      'is on no node: 0/2 nodes: volume node affinity conflict',
      'kubectl describe nodes',
    ],
    [
      'that crashes',
      pod(container(waiting('CrashLoopBackOff'), { terminated: { exitCode: 139 } })),
      [],
      'error',
      [node('True')],
      'starts container app again and again, 7 times so far: it ended with 139',
      'kubectl logs jellyfin-0 -c app --previous -n media',
    ],
    [
      'that takes too much memory',
      pod(container(waiting('CrashLoopBackOff'), { terminated: { exitCode: 137, reason: 'OOMKilled' } })),
      [],
      'error',
      [node('True')],
      'it ended with 137 (OOMKilled)',
      'give it a higher limit',
    ],
    ...(
      [
        ['has just ended it', guarded(ended(1, `${refusal}\n`))],
        ['ends it again and again', guarded(waiting('CrashLoopBackOff'), ended(1, refusal))],
        ['ended it, and looks once more', guarded({ running: {} }, ended(1, refusal))],
      ] as const
    ).map(
      ([how, status]) =>
        [
          `whose guard ${how}`,
          pod(status),
          [],
          'error',
          [node('True')],
          `is kept from its volume by lunward-guard: ${refusal}`,
          '"lunward status films"',
        ] as [string, V1Pod, CoreV1Event[], string, V1Node[], string, string],
    ),
    [
      'whose guard finds no shell in the image',
      pod(
        guarded(waiting('CrashLoopBackOff'), {
          terminated: { exitCode: 128, reason: 'StartError', message: 'exec: "/bin/sh": no such file' },
        }),
      ),
      [],
      'error',
      [node('True')],
      'starts container lunward-guard again and again, 2 times so far: it ended with 128 (StartError): exec: "/bin/sh": no such file',
      'kubectl logs jellyfin-0 -c lunward-guard --previous -n media',
    ],
    [
      'whose container has just ended with an error',
      pod(container(ended(139))),
      [],
      'error',
      [node('True')],
      'waits for container app: it ended with 139 (Error)',
      'kubectl logs jellyfin-0 -c app -n media',
    ],
    [
      'whose image is not there',
      pod(container(waiting('ImagePullBackOff', 'Back-off pulling image: not found'), undefined, 'Pending')),
      [],
      'error',
      [node('True')],
      `can't get image ${image} of container app: Back-off pulling image: not found`,
      'that node-a reaches its registry',
    ],
    [
      'whose Secret is not there',
      pod(container(waiting('CreateContainerConfigError', 'secret "api" not found'), undefined, 'Pending')),
      [],
      'error',
      [node('True')],
      `can't make container app: secret "api" not found`,
      'kubectl describe pod jellyfin-0 -n media',
    ],
  ])('%s is told', (_, object, events, severity, nodes, text, remedy) => {
    const found = told(object, events, nodes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity, subject: 'Pod media/jellyfin-0' });
    expect(found[0]?.found).toContain(text);
    expect(found[0]?.remedy).toContain(remedy);
  });

  it.each<[string, V1Pod, CoreV1Event[]]>([
    ['that runs', pod(container({ running: {} })), []],
    ['that is just starting', pod(creating), []],
    ['whose guard let it start', pod(guarded(ended(0), ended(1, refusal))), []],
    ['whose guard is at work', pod(guarded({ running: {} })), []],
    ['that had to wait for its volume and has begun since', pod(container({ running: {} })), [event('anything')]],
    ['that has its grace period still', pod({ metadata: { deletionTimestamp: ago(59) } }), []],
    ['that was evicted', pod({ status: { phase: 'Failed' } }), []],
    [
      'of another app',
      pod({ metadata: { labels: { 'app.kubernetes.io/name': 'other' }, deletionTimestamp: ago(999) } }),
      [],
    ],
    [
      'whose namesake had trouble',
      pod(creating),
      [{ ...event('x'), involvedObject: { ...event('x').involvedObject, uid: '0' } }],
    ],
  ])('%s is not told', (_, object, events) => {
    expect(told(object, events)).toEqual([]);
  });

  it('is reported with the cause, not with a summary', () => {
    const sum = event('Unable to attach or mount volumes: unmounted volumes=[config]: timed out', 'FailedMount', 1);
    expect(told(pod(creating), [sum, event('what it is', 'FailedMount', 9)])[0]?.found).toContain(': what it is');
    expect(told(pod(creating), [sum])[0]?.found).toContain('Unable to attach');
  });
});
