import type {
  V1ContainerState,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodStatus,
  V1Volume,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { podsUsing, type UsedVolume } from '../../lib/kubernetes/volume-users';

const server = '192.0.2.200';
const used: UsedVolume = { namespace: 'media', claim: 'jellyfin', nfs: { server, path: '/volume2/v/jellyfin' } };

const pod = (volume: Omit<V1Volume, 'name'>, { namespace = 'media', status = {} as V1PodStatus } = {}): V1Pod => ({
  metadata: { name: 'pod', namespace },
  spec: {
    containers: [],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'data', ...volume },
    ],
  },
  status,
});
const claimed = (claimName: string, more?: Parameters<typeof pod>[1]) =>
  pod({ persistentVolumeClaim: { claimName } }, more);
const nfs = (path: string, of = server) => ({ nfs: { server: of, path } });
const csi = (volumeAttributes: Record<string, string>, driver = 'nfs.csi.k8s.io') => ({
  csi: { driver, volumeHandle: 'x', volumeAttributes },
});

const isUsed = (one: V1Pod, claims: V1PersistentVolumeClaim[] = [], volumes: V1PersistentVolume[] = [], of = used) =>
  podsUsing(of, { pods: [one], claims, volumes }).length === 1;

describe('a pod uses a volume', () => {
  it.each<[string, boolean, V1Pod]>([
    ['that mounts its claim', true, claimed('jellyfin')],
    ['that mounts another claim', false, claimed('jellyfin-2')],
    ['that mounts a claim of that name elsewhere', false, claimed('jellyfin', { namespace: 'test' })],
    ['that mounts none', false, pod({ emptyDir: {} })],
    ['that has no volumes', false, { metadata: { namespace: 'media' }, spec: { containers: [] } }],
    ['that mounts its folder inline', true, pod(nfs('/volume2/v/jellyfin'))],
    ['of another namespace too', true, pod(nfs('/volume2/v/jellyfin'), { namespace: 'test' })],
    ['that mounts the export above it', true, pod(nfs('/volume2'))],
    ['that mounts all of the server', true, pod(nfs('/'))],
    ['that mounts a folder in it', true, pod(nfs('/volume2/v/jellyfin/data'))],
    ['that spells it otherwise', true, pod(nfs('/volume2//v/./jellyfin/'))],
    ['that writes its address as IPv6', true, pod(nfs('/volume2/v', `[::FFFF:${server}]`))],
    ['that mounts a folder whose name begins the same', false, pod(nfs('/volume2/v/jellyfin-2'))],
    ['that mounts a folder beside it', false, pod(nfs('/volume2/v/sonarr'))],
    ['that mounts it from another server', false, pod(nfs('/volume2/v/jellyfin', '192.0.2.201'))],
    ['by the CSI driver, inline', true, pod(csi({ server, share: '/volume2/v' }))],
  ])('%s: %s', (_, expected, one) => {
    expect(isUsed(one)).toBe(expected);
  });

  it.each<[string, boolean, object]>([
    ['the same folder', true, nfs('/volume2/v/jellyfin')],
    ['one above', true, nfs('/volume2/v')],
    ['another', false, nfs('/volume1/media')],
    ['the same by CSI', true, csi({ server, share: '/volume2/v/jellyfin' })],
    ['the same by CSI, without its slash', true, csi({ server, share: 'volume2/v/jellyfin' })],
    ['the same as a folder of a share', true, csi({ server, share: '/volume2/v', subDir: 'jellyfin' })],
    ['another folder of the same share', false, csi({ server, share: '/volume2/v', subdir: 'sonarr' })],
    ['a folder whose name is not known', true, csi({ server, share: '/volume2/v', subDir: `\${pvc.metadata.name}` })],
    ['attributes of another driver', false, csi({ server, share: '/volume2/v' }, 'csi.example.com')],
    ['no server', false, csi({ share: '/volume2/v' })],
  ])('whose claim, in any namespace, is bound to %s: %s', (_, expected, source) => {
    const claims = [{ metadata: { name: 'copy', namespace: 'backup' }, spec: { volumeName: 'pv' } }];
    const volumes = [{ metadata: { name: 'pv' }, spec: source }];
    expect(isUsed(claimed('copy', { namespace: 'backup' }), claims, volumes)).toBe(expected);
    expect(isUsed(claimed('copy'), claims, volumes)).toBe(false);
  });

  it('only through its claim, unless the volume is a folder of a server', () => {
    const block = { namespace: 'media', claim: 'jellyfin' };
    expect(isUsed(pod(nfs('/')), [], [], block)).toBe(false);
    expect(isUsed(claimed('jellyfin'), [], [], block)).toBe(true);
  });

  const container = (state: V1ContainerState) => [
    { name: 'x', image: 'x', imageID: '', ready: false, restartCount: 0, state },
  ];
  const running = container({ running: {} });
  const terminated = container({ terminated: { exitCode: 1 } });
  it.each<[string, boolean, V1PodStatus]>([
    ['waits for a node', true, { phase: 'Pending' }],
    ['runs', true, { phase: 'Running', containerStatuses: running }],
    ['starts again and again', true, { phase: 'Running', containerStatuses: terminated }],
    ['is not answered for by its node', true, { phase: 'Unknown', containerStatuses: terminated }],
    ['was given up while it runs', true, { phase: 'Failed', containerStatuses: running }],
    [
      'has an init container that runs',
      true,
      { phase: 'Failed', containerStatuses: terminated, initContainerStatuses: running },
    ],
    ['is being looked into', true, { phase: 'Succeeded', ephemeralContainerStatuses: running }],
    ['has succeeded', false, { phase: 'Succeeded', containerStatuses: terminated }],
    [
      'has failed before its container',
      false,
      { phase: 'Failed', initContainerStatuses: terminated, containerStatuses: container({ waiting: {} }) },
    ],
    ['was evicted', false, { phase: 'Failed', reason: 'Evicted' }],
  ])('if it %s: %s', (_, expected, status) => {
    expect(isUsed(claimed('jellyfin', { status }))).toBe(expected);
  });

  it('even if the pod is terminating', () => {
    const one = claimed('jellyfin', { status: { phase: 'Running', containerStatuses: running } });
    const ending = { ...one, metadata: { ...one.metadata, deletionTimestamp: new Date() } };
    expect(isUsed(ending)).toBe(true);
  });
});
