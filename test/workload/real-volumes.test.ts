import { describe, expect } from 'vitest';
import {
  claim,
  configMap,
  democraticCsi,
  emptyDir,
  existingClaim,
  hostPath,
  inlineNfs,
  local,
  nfsCsi,
  onNodes,
  secret,
  smb,
} from '../../lib/volumes';
import { lun, share } from '../helpers';
import { at, canSay, containerOf, inPod, type Row, source } from './real-manifests';

const volumes: readonly Row[] = [
  ['static iSCSI in-tree, integer lun', { config: lun('a') }, 'PersistentVolume', source('iscsi', { lun: 1 })],
  [
    'static iSCSI through CSI, string lun',
    {
      config: democraticCsi({
        name: 'a',
        targetPortal: '192.0.2.200:3260',
        iqn: 'iqn.2000-01.com.example:a',
        lun: 1,
        size: '1Gi',
        nodeAffinity: onNodes('node-a'),
      }),
    },
    'PersistentVolume',
    source('csi', { volumeAttributes: expect.objectContaining({ lun: '1' }) }),
  ],
  ['static NFS', { config: share('a') }, 'PersistentVolume', source('nfs', { path: '/volume1/a' })],
  [
    'inline NFS',
    at('/a', inlineNfs({ server: 'nas', path: '/a' })),
    'Deployment',
    inPod({ nfs: { server: 'nas', path: '/a' } }),
  ],
  [
    'dynamic NFS',
    at('/a', claim({ name: 'a', size: '1Gi', storageClassName: 'nfs' })),
    'PersistentVolumeClaim',
    { spec: { storageClassName: 'nfs' } },
  ],
  [
    'NFS through CSI',
    at('/a', nfsCsi({ name: 'a', server: 'nas', share: '/a', size: '1Gi' })),
    'PersistentVolume',
    source('csi', { driver: 'nfs.csi.k8s.io' }),
  ],
  [
    'SMB through CSI with its options',
    at(
      '/a',
      smb({ name: 'a', source: '//nas/a', size: '1Gi', mountOptions: ['dir_mode=0777', 'cache=strict', 'nobrl'] }),
    ),
    'PersistentVolume',
    { spec: { mountOptions: ['dir_mode=0777', 'cache=strict', 'nobrl'] } },
  ],
  [
    'a node-local class',
    at('/a', claim({ name: 'a', size: '1Gi', storageClassName: 'local-path' })),
    'PersistentVolumeClaim',
    { spec: { storageClassName: 'local-path' } },
  ],
  [
    'a node-local volume',
    at('/a', local({ name: 'a', node: 'node-a', path: '/a', size: '1Gi' })),
    'PersistentVolume',
    source('local', { path: '/a' }),
  ],
  [
    'emptyDir in memory',
    at('/a', emptyDir({ medium: 'Memory' })),
    'Deployment',
    inPod({ emptyDir: { medium: 'Memory' } }),
  ],
  ['a ConfigMap', at('/a', configMap({ name: 'x' })), 'Deployment', inPod({ configMap: { name: 'x' } })],
  [
    'a Secret',
    at('/a', secret({ secretName: 'x', defaultMode: 0o400 })),
    'Deployment',
    inPod({ secret: { secretName: 'x', defaultMode: 256 } }),
  ],
  ['a directory of the node', at('/a', hostPath({ path: '/a' })), 'Deployment', inPod({ hostPath: { path: '/a' } })],
  [
    '/dev/video10',
    at('/dev/video10', hostPath({ path: '/dev/video10', type: 'CharDevice' })),
    'Deployment',
    inPod({ hostPath: { path: '/dev/video10', type: 'CharDevice' } }),
  ],
  ['/dev/dri', { gpu: { device: '/dev/dri' } }, 'Deployment', inPod({ hostPath: { path: '/dev/dri' } })],
  [
    '/dev/net/tun',
    at('/dev/net/tun', hostPath({ path: '/dev/net/tun' })),
    'Deployment',
    containerOf({ volumeMounts: [{ name: 'tun', mountPath: '/dev/net/tun' }] }),
  ],
  [
    'nodeAffinity of a volume',
    { config: lun('a', { nodeAffinity: onNodes('node-a') }) },
    'PersistentVolume',
    { spec: { nodeAffinity: onNodes('node-a') } },
  ],
  [
    'mountOptions',
    { config: share('a', { mountOptions: ['nfsvers=4.1'] }) },
    'PersistentVolume',
    { spec: { mountOptions: ['nfsvers=4.1'] } },
  ],
  [
    'an existing claim',
    at('/a', existingClaim({ name: 'a' })),
    'Deployment',
    inPod({ persistentVolumeClaim: { claimName: 'a' } }),
  ],
  [
    'one volume several times, with subPath, readOnly and propagation',
    {
      mounts: {
        '/a': { volume: share('m'), subPath: 'a', readOnly: true },
        '/b': { volume: share('m'), mountPropagation: 'HostToContainer' },
      },
    },
    'Deployment',
    containerOf({
      volumeMounts: [
        { name: 'm', mountPath: '/a', subPath: 'a', readOnly: true },
        { name: 'm', mountPath: '/b', mountPropagation: 'HostToContainer' },
      ],
    }),
  ],
  [
    'nested mounts',
    { config: lun('a'), mounts: { '/config/data': lun('b') } },
    'Deployment',
    containerOf({
      volumeMounts: [
        { name: 'a', mountPath: '/config' },
        { name: 'b', mountPath: '/config/data' },
      ],
    }),
  ],
];

describe('volumes of real manifests', () => canSay(volumes));
