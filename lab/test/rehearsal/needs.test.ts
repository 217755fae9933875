import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../lib/core/kubernetes';
import { onNodes } from '../../../lib/volumes';
import { type Needs, needsOf } from '../../rehearsal/needs';

const NOTHING: Needs = {
  luns: [],
  exports: [],
  servers: [],
  directories: [],
  namespaces: [],
  claims: [],
  storageClasses: [],
  runtimeClasses: [],
  devices: [],
  nodeLabels: [],
  secrets: [],
  configMaps: [],
  missing: [],
};

const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'media' } };

function volume(source: object): Manifest {
  const spec = { capacity: { storage: '10Gi' }, ...source };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'config' }, spec } as Manifest;
}

function claim(storageClassName?: string): Manifest {
  const spec = storageClassName === undefined ? {} : { storageClassName };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'cache' }, spec } as Manifest;
}

function deployment(pod: object): Manifest {
  const spec = { template: { spec: { containers: [], ...pod } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'media' }, spec } as Manifest;
}

const iscsi = { targetPortal: '192.0.2.10:3260', iqn: 'iqn.2000-01.com.example:app', lun: 1 };

describe('what manifests count on', () => {
  it.each<[string, Manifest[], Partial<Needs>]>([
    ['nothing of a Service', [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'app' } } as Manifest], {}],
    [
      'a LUN of the size and file system that are said',
      [volume({ iscsi: { ...iscsi, fsType: 'xfs' } })],
      { luns: [{ iqn: iscsi.iqn, lun: 1, size: '10Gi', fsType: 'xfs' }], servers: ['192.0.2.10'] },
    ],
    [
      'what Kubernetes makes of a LUN without a file system type, at a portal of IPv6',
      [volume({ iscsi: { ...iscsi, targetPortal: '[2001:db8::10]:3260' } })],
      { luns: [{ iqn: iscsi.iqn, lun: 1, size: '10Gi', fsType: 'ext4' }], servers: ['2001:db8::10'] },
    ],
    [
      'exports of volumes and of pods, each once',
      [
        namespace,
        volume({ nfs: { server: '192.0.2.10', path: '/volume1/media' } }),
        deployment({ volumes: [{ name: 'media', nfs: { server: 'nas.example.com', path: '/volume1/media' } }] }),
      ],
      { exports: ['/volume1/media'], servers: ['192.0.2.10', 'nas.example.com'] },
    ],
    ['a folder of a node', [volume({ local: { path: '/srv/cache' } })], { directories: ['/srv/cache'] }],
    ['no class where none is wanted', [claim(''), claim()], {}],
    ['a storage class', [claim('local-path'), claim('local-path')], { storageClasses: ['local-path'] }],
    ['a namespace that somebody else made', [deployment({})], { namespaces: ['media'] }],
    ['no namespace that is described', [namespace, deployment({})], {}],
    [
      'a claim that somebody else made',
      [
        namespace,
        { ...claim(''), metadata: { name: 'own', namespace: 'media' } },
        deployment({
          volumes: ['own', 'foreign'].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
        }),
      ],
      { claims: [{ namespace: 'media', name: 'foreign' }] },
    ],
    [
      'Secrets and ConfigMaps with the keys that are named',
      [
        namespace,
        deployment({
          containers: [
            {
              name: 'app',
              envFrom: [{ secretRef: { name: 'all' } }],
              volumeMounts: [{ name: 'settings', mountPath: '/etc/app.conf', subPath: 'app.conf' }],
            },
            { name: 'vpn', env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'vpn', key: 'private' } } }] },
          ],
          volumes: [
            { name: 'file', secret: { secretName: 'vpn', items: [{ key: 'certificate', path: 'c' }] } },
            { name: 'settings', configMap: { name: 'settings' } },
          ],
        }),
      ],
      {
        secrets: [
          { namespace: 'media', name: 'all', keys: [] },
          { namespace: 'media', name: 'vpn', keys: ['certificate', 'private'] },
        ],
        configMaps: [{ namespace: 'media', name: 'settings', keys: ['app.conf'] }],
      },
    ],
    [
      'devices, a runtime class and labels of a node',
      [
        namespace,
        deployment({
          runtimeClassName: 'nvidia',
          nodeSelector: { gpu: 'yes', 'kubernetes.io/hostname': 'node-a' },
          containers: [{ name: 'app', resources: { limits: { 'gpu.intel.com/i915': '1', memory: '1Gi' } } }],
        }),
      ],
      { devices: ['gpu.intel.com/i915'], runtimeClasses: ['nvidia'], nodeLabels: ['gpu=yes'] },
    ],
    [
      'what the lab has not',
      [
        namespace,
        volume({ csi: { driver: 'org.democratic-csi.iscsi' } }),
        volume({ iscsi: { ...iscsi, chapAuthSession: true, secretRef: { name: 'chap' } } }),
        volume({ local: { path: '/srv' }, nodeAffinity: onNodes('pi') }),
        volume({ local: { path: '/srv' }, nodeAffinity: onNodes('pi', 'node-b') }),
        deployment({ nodeSelector: { 'kubernetes.io/hostname': 'nuc' } }),
      ].map((manifest) => manifest as Manifest),
      {
        luns: [{ iqn: iscsi.iqn, lun: 1, size: '10Gi', fsType: 'ext4' }],
        servers: ['192.0.2.10'],
        directories: ['/srv'],
        missing: [
          'CSI driver org.democratic-csi.iscsi',
          'node nuc: its nodes are node-a and node-b',
          'node pi: its nodes are node-a and node-b',
          'password for CHAP as in Secret chap',
        ],
      },
    ],
  ])('%s', (_, manifests, expected) => {
    expect(needsOf(manifests)).toEqual({ ...NOTHING, ...expected });
  });
});
