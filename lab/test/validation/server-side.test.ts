import {
  type CatalogApp,
  catalog,
  csi,
  defineCluster,
  emptyDir,
  inlineKinds,
  inlineNfs,
  iscsi,
  type Manifest,
  type MediaAppProps,
  nfs,
  nfsCsi,
  onNodes,
  type PersistentVolume,
  persistentKinds,
  smb,
  synthesizeCluster,
} from 'lunward';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineSamples, persistentSamples } from '../../../test/volumes/samples';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';

let controlPlane: ControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  await controlPlane.kubectl(['create', 'namespace', 'media']);
});

afterAll(() => controlPlane?.stop());

/** The API server's answer to manifests: unknown fields are errors here, where `kubectl apply` only warns. */
async function validate(manifests: readonly Manifest[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  return controlPlane.kubectl(['create', '--dry-run=server', '--validate=strict', '--filename', '-'], list);
}

const config = (name: string): PersistentVolume =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: `iqn.2000-01.com.example:${name}`, lun: 1, size: '1Gi' });

function manifestsOf(app: MediaAppProps): readonly Manifest[] {
  const cluster = defineCluster({ namespace: { name: 'media', existing: true }, apps: { app } });
  return synthesizeCluster(cluster).manifests.app ?? [];
}

test('the server refuses what it does not know, so that the other tests can fail', async () => {
  const [deployment] = manifestsOf({ image: 'example.com/app:1' });
  const slip = { ...deployment, spec: { ...deployment?.spec, replica: 1 } } as Manifest;
  await expect(validate([slip])).rejects.toThrow(/replica/);
});

test.each(Object.entries(catalog) as [string, CatalogApp][])('%s passes server-side validation', async (name, app) => {
  const manifests = manifestsOf(
    app({
      image: `example.com/${name}:1.0`,
      config: config(`${name}-config`),
      ingress: { hosts: [`${name}.example.com`], tlsSecretName: `${name}-tls` },
      httpRoute: { parentRefs: [{ name: 'gateway' }], hostnames: [`${name}.example.com`] },
    }),
  );
  const answer = await validate(manifests);
  expect(answer.trim().split('\n')).toHaveLength(manifests.length);
});

test.each(Object.keys(persistentKinds))('volume kind %s passes server-side validation', async (kind) => {
  const samples = persistentSamples[kind as keyof typeof persistentSamples];
  for (const sample of [samples].flat()) {
    await validate(manifestsOf({ image: 'example.com/app:1', mounts: { '/data': sample as PersistentVolume } }));
  }
});

test.each(Object.keys(inlineKinds))('volume kind %s passes server-side validation', async (kind) => {
  const samples = inlineSamples[kind as keyof typeof inlineSamples];
  for (const sample of [samples].flat()) {
    await validate(manifestsOf({ image: 'example.com/app:1', mounts: { '/data': sample as never } }));
  }
});

const everything = {
  name: 'data',
  size: '1Gi',
  labels: { tier: 'media' },
  annotations: { 'example.com/owner': 'me' },
  persistentVolumeReclaimPolicy: 'Retain',
  mountOptions: ['noatime'],
  nodeAffinity: onNodes('node-a', 'node-b'),
  readOnly: true,
} as const;
const secretRef = { name: 'chap' };

test.each<[string, PersistentVolume]>([
  [
    'iscsi',
    iscsi({
      ...everything,
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
      targetPortal: '[2001:db8::200]:3260',
      portals: ['192.0.2.201:3260'],
      iqn: 'eui.0123456789abcdef',
      lun: 255,
      fsType: 'xfs',
      iscsiInterface: 'default',
      initiatorName: 'iqn.2000-01.com.example:node',
      chapAuthSession: true,
      chapAuthDiscovery: true,
      secretRef,
    }),
  ],
  ['nfs', nfs({ ...everything, server: 'nas.example.com', path: '/volume1/data', accessModes: ['ReadOnlyMany'] })],
  ['smb', smb({ ...everything, source: '//nas.example.com/media/series', nodeStageSecretRef: { name: 'smb' } })],
  ['nfsCsi', nfsCsi({ ...everything, server: '2001:db8::200', share: '/volume1/data' })],
  [
    'csi',
    csi({
      ...everything,
      driver: 'csi.example.com',
      volumeHandle: 'handle',
      fsType: 'ext4',
      accessModes: ['ReadWriteOncePod'],
      volumeAttributes: { size: '1' },
      controllerPublishSecretRef: secretRef,
      nodeStageSecretRef: secretRef,
      nodePublishSecretRef: secretRef,
      controllerExpandSecretRef: secretRef,
      nodeExpandSecretRef: secretRef,
    }),
  ],
])('%s with every property passes server-side validation', async (_, volume) => {
  await validate(manifestsOf({ image: 'example.com/app:1', mounts: { '/data': volume } }));
});

test('an app with everything passes server-side validation', async () => {
  await validate(
    manifestsOf({
      image: 'example.com/app:1',
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      supplementalGroups: [44],
      timezone: 'Etc/UTC',
      ports: { http: 8080, torrent: { port: 6881, protocol: ['TCP', 'UDP'] } },
      health: { path: '/health', port: 'http', scheme: 'HTTPS' },
      probes: { startup: { failureThreshold: 60 }, readiness: false },
      env: { KEY: { secretKeyRef: { name: 'app', key: 'key' } }, NODE: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      resources: { requests: { cpu: '100m', memory: '1Gi' } },
      gpu: { resource: 'gpu.intel.com/i915', runtimeClassName: 'nvidia' },
      service: [
        {},
        {
          name: 'lan',
          type: 'LoadBalancer',
          loadBalancerIP: '192.0.2.50',
          externalTrafficPolicy: 'Local',
          sessionAffinity: 'ClientIP',
        },
        { name: 'headless', clusterIP: 'None', ports: [{ name: 'http', port: 80 }] },
      ],
      config: config('everything'),
      mounts: {
        '/config/data': emptyDir({ medium: 'Memory', sizeLimit: '1Gi' }),
        '/media': {
          volume: inlineNfs({ server: '192.0.2.200', path: '/m' }),
          subPath: 'tv',
          mountPropagation: 'HostToContainer',
        },
      },
      container: {
        securityContext: { capabilities: { drop: ['ALL'] } },
        stdin: true,
        tty: true,
        envFrom: [{ secretRef: { name: 'app' } }],
      },
      pod: {
        initContainers: [{ name: 'first', image: 'example.com/init:1', restartPolicy: 'Always' }],
        containers: [
          { name: 'vpn', image: 'example.com/vpn:1', securityContext: { capabilities: { add: ['NET_ADMIN'] } } },
        ],
        dnsConfig: { options: [{ name: 'ndots', value: '1' }] },
        tolerations: [{ key: 'media', operator: 'Exists' }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'x' } },
          },
        ],
        nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      },
    }),
  );
});
