import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../../lib/core/advice';
import { UserError } from '../../../lib/core/problems';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { describedRefusals } from '../../../lib/migration/plan/described-refusals';
import type { PodMount } from '../../../lib/scripts/node/pod-mounts';
import type { DataVolume } from '../../../lib/storage/registry';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share, untyped } from '../../helpers';
import { boundObjectsOf, mountOf, podOn } from '../storage-objects';

interface World {
  readonly pods?: readonly V1Pod[];
  /** What node-b has mounted for the pod; or why it can't be asked. */
  readonly mounts?: readonly PodMount[] | string;
  readonly subPath?: string;
}

/** What is refused of an app that runs as it is described, but for this. */
async function reasons(volume: DataVolume, { pods = [podOn(volume)], mounts = [mountOf(volume)], subPath }: World) {
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
  const refusals = await describedRefusals(site, [{ mountPath: '/config', volume }], objects);
  return refusals.map(adviceSentence);
}

const changed = (pod: V1Pod, change: (spec: NonNullable<V1Pod['spec']>) => object): V1Pod => ({
  ...pod,
  spec: { ...pod.spec, ...change(pod.spec as NonNullable<V1Pod['spec']>) } as V1Pod['spec'],
});

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
  ])('is not refused where it %s', async (_, world) => {
    expect(await reasons(volume, world)).toEqual([]);
  });

  it.each<[string, World, RegExp]>([
    [
      'mounts another claim',
      { pods: [podOn({ name: 'other' })] },
      /mounts claim other at \/config in container app, expected claim config$/,
    ],
    [
      'mounts it elsewhere',
      { pods: [mountedWith({ mountPath: '/data' })] },
      /mounts nothing at \/config in container app, expected claim config$/,
    ],
    [
      'mounts a folder of it',
      { pods: [mountedWith({ subPath: 'app' })] },
      /mounts claim config, subPath app at .*, expected claim config$/,
    ],
    ['mounts all of it', { subPath: 'app' }, /mounts claim config at .*, expected claim config, subPath app$/],
    [
      'mounts it by an expression',
      { pods: [mountedWith({ subPathExpr: '$(POD_NAME)' })] },
      /subPath \$\(POD_NAME\) at/,
    ],
    [
      'mounts no claim there',
      { pods: [changed(pod, () => ({ volumes: [{ name: 'state', emptyDir: {} }] }))] },
      /mounts no claim but volume state at/,
    ],
    [
      'has another container',
      { pods: [changed(pod, ({ containers: [one] }) => ({ containers: [{ ...one, name: 'x' }] }))] },
      /has containers x, expected one that is called app/,
    ],
    [
      'runs on a node without ssh',
      { pods: [changed(pod, () => ({ nodeName: 'node-c' }))] },
      /node node-c of the cluster is not described with ssh/,
    ],
    [
      'runs on a node that can’t be asked',
      { mounts: 'it does not answer' },
      /node-b, which could not be asked what is mounted for it: it does not answer/,
    ],
    [
      'has nothing mounted on its node',
      { mounts: [] },
      /has nothing mounted on node-b for PersistentVolume config, expected /,
    ],
  ])('is refused where it %s', async (_, world, reason) => {
    expect(await reasons(volume, world)).toEqual([expect.stringMatching(reason)]);
  });
});

describe('what a node has mounted for a pod is refused', () => {
  const disk = { iqn: lun('config').iqn, lun: 1, portal: '192.0.2.200:3260' };
  it.each<[string, DataVolume, Partial<PodMount>, string]>([
    [
      'another folder',
      share('config'),
      { source: '192.0.2.200:/volume1/old' },
      'has 192.0.2.200:/volume1/old mounted on node-b for PersistentVolume config, expected 192.0.2.200:/volume1/config',
    ],
    ['a folder above it', share('config'), { source: '192.0.2.200:/volume1' }, 'has 192.0.2.200:/volume1 mounted'],
    [
      'another server',
      share('config'),
      { source: '192.0.2.201:/volume1/config' },
      'has 192.0.2.201:/volume1/config mounted',
    ],
    [
      'another LUN',
      lun('config'),
      { disks: [{ ...disk, lun: 2 }] },
      `has LUN 2 of ${disk.iqn} at 192.0.2.200:3260 mounted`,
    ],
    [
      'another target',
      lun('config'),
      { disks: [{ ...disk, iqn: 'iqn.2000-01.com.example:other' }] },
      'has LUN 1 of iqn.2000-01.com.example:other',
    ],
    [
      'another portal',
      lun('config'),
      { disks: [{ ...disk, portal: '192.0.2.201:3260' }] },
      'at 192.0.2.201:3260 mounted',
    ],
    ['a disk of the node', lun('config'), { disks: [] }, 'has /dev/sdb mounted'],
    ['two disks of which one is another', lun('config'), { disks: [disk, { ...disk, lun: 2 }] }, 'and LUN 2 of'],
  ])('where it is %s', async (_, volume, more, reason) => {
    const [found, ...others] = await reasons(volume, { mounts: [{ ...mountOf(volume), ...more }] });
    expect(found).toContain(reason);
    expect(others).toEqual([]);
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
    expect(await reasons(volume, { mounts: [{ ...mountOf(volume), ...more }] })).toEqual([]);
  });
});
