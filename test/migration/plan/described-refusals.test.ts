import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { describedRefusals } from '../../../lib/migration/plan/described-refusals';
import type { PodMount } from '../../../lib/scripts/node/pod-mounts';
import type { DataVolume } from '../../../lib/storage/registry';
import { resolveApp } from '../../../lib/workload/model';
import { expectAdvice, type Told } from '../../expect-advice';
import { image, lun, share, untyped } from '../../helpers';
import { boundObjectsOf, mountOf, podOn } from '../storage-objects';

interface World {
  readonly pods?: readonly V1Pod[];
  /** What node-b has mounted for the pod; or why it can't be asked. */
  readonly mounts?: readonly PodMount[] | string;
  readonly subPath?: string;
}

/** What is refused of an app that runs as it is described, but for this. */
async function refusals(volume: DataVolume, { pods = [podOn(volume)], mounts = [mountOf(volume)], subPath }: World) {
  const { claim, persistentVolume } = boundObjectsOf(volume);
  const objects = { pods, claims: [claim], volumes: [persistentVolume] };
  const run = async () => {
    if (typeof mounts === 'string') throw new UserError(mounts);
    return { result: 'unchanged', facts: { mounts } };
  };
  const nodes = [{ name: 'node-b', runner: untyped({ run }) as never }];
  const props = { image, config: subPath ? { volume, subPath } : volume };
  const model = resolveApp(props, { name: 'app', namespace: 'media' });
  const site = { client: untyped<ClusterClient>({}), model, nodes };
  return describedRefusals(site, [{ mountPath: '/config', volume }], objects);
}

const changed = (pod: V1Pod, change: (spec: NonNullable<V1Pod['spec']>) => object): V1Pod => ({
  ...pod,
  spec: { ...pod.spec, ...change(pod.spec as NonNullable<V1Pod['spec']>) } as V1Pod['spec'],
});

const subject = 'Pod media/app-1';

describe.each([share('config'), lun('config')])('an app with its data on $kind', (volume) => {
  const pod = podOn(volume);
  const mount = mountOf(volume);
  const mountedWith = (more: object) =>
    changed(pod, () => ({
      containers: [{ name: 'app', volumeMounts: [{ name: 'state', mountPath: '/config', ...more }] }],
    }));

  it.each<[string, World]>([
    ['runs as it is described', {}],
    ['has no pod', { pods: [] }],
    ['has a pod on no node yet', { pods: [changed(pod, () => ({ nodeName: undefined }))], mounts: [] }],
    ['has a pod that is being started', { pods: [{ ...pod, status: { phase: 'Pending' } }], mounts: [] }],
    [
      'has a pod that is ending',
      { pods: [{ ...podOn({ name: 'other' }), metadata: { ...pod.metadata, deletionTimestamp: new Date() } }] },
    ],
    ['has a pod that has ended', { pods: [{ ...podOn({ name: 'other' }), status: { phase: 'Failed' } }] }],
    [
      'has a Job of its labels',
      {
        pods: [
          pod,
          untyped({
            ...podOn({ name: 'other' }),
            metadata: { ...pod.metadata, ownerReferences: [{ controller: true, kind: 'Job' }] },
          }),
        ],
      },
    ],
    ['mounts a folder of the volume, as described', { pods: [mountedWith({ subPath: 'app' })], subPath: 'app' }],
    [
      'has other volumes too',
      { mounts: [mount, { ...mount, volume: 'media', source: '192.0.2.200:/media', disks: [] }] },
    ],
  ])('is not refused if it %s', async (_, world) => {
    expect(await refusals(volume, world)).toEqual([]);
  });

  it.each<[string, World, Told]>([
    [
      'mounts another claim',
      { pods: [podOn({ name: 'other' })] },
      ['mount-differs', subject, 'claim other', '/config', 'container app', 'expected claim config'],
    ],
    [
      'mounts it elsewhere',
      { pods: [mountedWith({ mountPath: '/data' })] },
      ['mount-differs', subject, 'nothing', '/config', 'container app', 'expected claim config'],
    ],
    [
      'mounts a folder of it',
      { pods: [mountedWith({ subPath: 'app' })] },
      ['mount-differs', subject, 'claim config', 'subPath app', 'expected claim config'],
    ],
    [
      'mounts all of it',
      { subPath: 'app' },
      ['mount-differs', subject, 'claim config', 'expected claim config', 'subPath app'],
    ],
    [
      'mounts it by an expression',
      { pods: [mountedWith({ subPathExpr: '$(POD_NAME)' })] },
      ['mount-differs', subject, 'subPath', '$(POD_NAME)', 'expected claim config'],
    ],
    [
      'mounts no claim there',
      { pods: [changed(pod, () => ({ volumes: [{ name: 'state', emptyDir: {} }] }))] },
      ['mount-differs', subject, 'no claim', 'volume state', 'expected claim config'],
    ],
    [
      'has another container',
      { pods: [changed(pod, ({ containers: [one] }) => ({ containers: [{ ...one, name: 'x' }] }))] },
      ['container-missing', subject, 'x', 'expected', 'app'],
    ],
    [
      'runs on a node without ssh',
      { pods: [changed(pod, () => ({ nodeName: 'node-c' }))] },
      ['node-not-described', subject, 'node-c'],
    ],
    [
      'runs on a node that can’t be asked',
      { mounts: 'it does not answer' },
      ['node-unreachable', subject, 'node-b', 'it does not answer'],
    ],
    [
      'has nothing mounted on its node',
      { mounts: [] },
      ['mounted-elsewhere', subject, 'nothing', 'node-b', 'PersistentVolume config', 'expected'],
    ],
  ])('is refused if it %s', async (_, world, expected) => {
    expectAdvice(await refusals(volume, world), [expected]);
  });
});

describe('what a node has mounted for a pod is refused', () => {
  const disk = { iqn: lun('config').iqn, lun: 1, portal: '192.0.2.200:3260' };
  it.each<[string, DataVolume, Partial<PodMount>, ...(readonly string[])]>([
    [
      'another folder',
      share('config'),
      { source: '192.0.2.200:/volume1/old' },
      '192.0.2.200:/volume1/old',
      'node-b',
      'PersistentVolume config',
    ],
    ['a folder above it', share('config'), { source: '192.0.2.200:/volume1' }, '192.0.2.200:/volume1', 'node-b'],
    ['another server', share('config'), { source: '192.0.2.201:/volume1/config' }, '192.0.2.201:/volume1/config'],
    ['another LUN', lun('config'), { disks: [{ ...disk, lun: 2 }] }, 'LUN 2', disk.iqn, '192.0.2.200:3260'],
    [
      'another target',
      lun('config'),
      { disks: [{ ...disk, iqn: 'iqn.2000-01.com.example:other' }] },
      'LUN 1',
      'iqn.2000-01.com.example:other',
    ],
    ['another portal', lun('config'), { disks: [{ ...disk, portal: '192.0.2.201:3260' }] }, '192.0.2.201:3260'],
    ['a disk of the node', lun('config'), { disks: [] }, '/dev/sdb'],
    ['two disks of which one is another', lun('config'), { disks: [disk, { ...disk, lun: 2 }] }, 'LUN 1', 'LUN 2'],
  ])('if it is %s', async (_, volume, more, ...facts) => {
    const found = await refusals(volume, { mounts: [{ ...mountOf(volume), ...more }] });
    expectAdvice(found, [['mounted-elsewhere', subject, ...facts, 'expected']]);
  });

  it.each<[string, DataVolume, Partial<PodMount>]>([
    ['a slash at its end', share('config'), { source: '192.0.2.200:/volume1/config/' }],
    ['an IPv6 address', share('config', { server: '2001:db8::1' }), { source: '[2001:db8::1]:/volume1/config' }],
    ['a name in upper case', share('config', { server: 'nas' }), { source: 'NAS:/volume1/config' }],
    [
      'one of its portals',
      lun('config', { portals: ['192.0.2.201'] }),
      { disks: [{ ...disk, portal: '192.0.2.201:3260' }] },
    ],
  ])('not for %s', async (_, volume, more) => {
    expect(await refusals(volume, { mounts: [{ ...mountOf(volume), ...more }] })).toEqual([]);
  });
});
