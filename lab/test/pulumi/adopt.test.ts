import { expect, test } from 'vitest';
import { useProject, written } from './fixture';

const fixture = useProject({});

/** An app as a user created it by hand: with labels, names and defaults of their own. */
const running = (replicas = 1) => `
apiVersion: v1
kind: Namespace
metadata: { name: media }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: sonarr-pv, labels: { app: tv } }
spec:
  storageClassName: ""
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  iscsi: { targetPortal: "192.0.2.200:3260", iqn: "iqn.2000-01.com.example:sonarr", lun: 1, fsType: ext4 }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: sonarr-config, namespace: media, labels: { app: tv } }
spec:
  storageClassName: ""
  volumeName: sonarr-pv
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: tv, namespace: media, labels: { app: tv } }
spec:
  replicas: ${replicas}
  strategy: { type: Recreate }
  selector: { matchLabels: { app: tv } }
  template:
    metadata: { labels: { app: tv } }
    spec:
      containers:
        - name: main
          image: lscr.io/linuxserver/sonarr:4.0.15
          env: [{ name: PUID, value: "1000" }, { name: PGID, value: "1000" }, { name: TZ, value: Etc/UTC }]
          ports: [{ name: web, containerPort: 8989 }]
          volumeMounts: [{ name: data, mountPath: /config }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: sonarr-config } }]
---
apiVersion: v1
kind: Service
metadata: { name: tv, namespace: media, labels: { app: tv } }
spec:
  selector: { app: tv }
  ports: [{ name: web, port: 80, targetPort: web }]
`;

const described = (more = '') => `import { defineCluster, iscsi, sonarr } from 'lunward';

const config = iscsi({
  name: 'sonarr-config',
  volumeName: 'sonarr-pv',
  targetPortal: '192.0.2.200:3260',
  iqn: 'iqn.2000-01.com.example:sonarr',
  lun: 1,
  fsType: 'ext4',
  size: '1Gi',
});

export default defineCluster({
  context: 'home',
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },
  apps: {
    sonarr: sonarr({
      name: 'tv',
      labels: { app: 'tv' },
      selector: { app: 'tv' },
      containerName: 'main',
      image: 'lscr.io/linuxserver/sonarr:4.0.15',
      ports: { web: 8989 },
      service: { ports: [{ name: 'web', port: 80 }] },
      probes: { startup: false, readiness: false, liveness: false },
      selfAntiAffinity: false,
      pod: { automountServiceAccountToken: undefined, enableServiceLinks: undefined },
      config: { volume: config, name: 'data' },
      ${more}
    }),
  },
});
`;

test('a create over what runs is refused', async () => {
  await fixture.controlPlane.kubectl(['apply', '--filename', '-'], running());
  const isAvailable = ['wait', '--for=condition=Available', 'deployment/tv', '--namespace=media', '--timeout=240s'];
  await fixture.controlPlane.kubectl(isAvailable);
  fixture.project.write({ 'cluster.ts': described() });
  await fixture.project.pulumi('stack', 'init', 'sonarr');
  const { code, output } = await fixture.project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'sonarr');
  expect(code).not.toBe(0);
  expect(output).toContain('exists already and this stack did not make it');
  expect(output).toContain('pulumi config set adopt true --stack sonarr');
});

test('differences are shown, every one, and nothing is overwritten', async () => {
  await fixture.project.pulumi('config', 'set', 'adopt', 'true', '--stack', 'sonarr');
  fixture.project.write({ 'cluster.ts': described("replicas: 0, podAnnotations: { 'example.com/note': 'mine' },") });
  const before = await fixture.get('deployment', 'tv', '--namespace', 'media');
  const { code, output } = await fixture.project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'sonarr');
  expect(code).not.toBe(0);
  expect(output).toContain('Not adopted');
  expect(output).toContain('Deployment media/tv:');
  expect(output).toContain('spec.replicas: runs 1, described 0');
  expect(output).toContain('example.com/note');
  const after = await fixture.get('deployment', 'tv', '--namespace', 'media');
  expect(written(after)).toEqual(written(before));
});

test('a selector that can not change is named', async () => {
  fixture.project.write({ 'cluster.ts': described().replace("selector: { app: 'tv' }", "selector: { app: 'other' }") });
  const { output } = await fixture.project.tryPulumi('preview', '--stack', 'sonarr');
  expect(output).toMatch(/the API server refuses the change: .*selector.*immutable/s);
});

test('what is described as it runs is adopted: same objects, no pod restarted', async () => {
  fixture.project.write({ 'cluster.ts': described() });
  const identities = async () => {
    const objects = await fixture.get('deployment,replicaset,pod,service,pvc,pv', '--namespace', 'media');
    return objects.items.map(({ metadata }) => [metadata.name, metadata.uid, metadata.generation]);
  };
  const before = await identities();
  await fixture.project.up('sonarr');
  expect(await identities()).toEqual(before);
  await fixture.project.pulumi('config', 'rm', 'adopt', '--stack', 'sonarr');
  expect(await fixture.project.up('sonarr')).toMatch(/Resources:\s+7 unchanged/);
  expect(await identities()).toEqual(before);
});

test('once adopted, an edit is applied and data is kept', async () => {
  const edited = described("podAnnotations: { 'example.com/note': 'mine' },").replace('sonarr:4.0.15', 'sonarr:4.0.16');
  fixture.project.write({ 'cluster.ts': edited.replace("timezone: 'Etc/UTC'", "timezone: 'Europe/Berlin'") });
  await fixture.project.up('sonarr');
  const { template } = (await fixture.get('deployment', 'tv', '--namespace', 'media')).spec;
  expect(template.metadata.annotations).toEqual({ 'example.com/note': 'mine' });
  expect(template.spec.containers[0].image).toBe('lscr.io/linuxserver/sonarr:4.0.16');
  expect(template.spec.containers[0].env).toContainEqual({ name: 'TZ', value: 'Europe/Berlin' });
  fixture.project.write({ 'cluster.ts': described().replace('lun: 1', 'lun: 2') });
  const { output } = await fixture.project.tryPulumi('preview', '--stack', 'sonarr');
  expect(output).toContain('PersistentVolume sonarr-pv holds data');
});

test('a namespace that runs is adopted by the shared stack', async () => {
  fixture.project.write({ 'cluster.ts': described() });
  await fixture.project.pulumi('stack', 'init', 'shared');
  expect((await fixture.project.tryPulumi('preview', '--stack', 'shared')).output).toContain(
    'Namespace media exists already',
  );
  await fixture.project.pulumi('config', 'set', 'adopt', 'true', '--stack', 'shared');
  const before = await fixture.get('namespace', 'media');
  await fixture.project.up('shared');
  expect((await fixture.get('namespace', 'media')).metadata.uid).toBe(before.metadata.uid);
});
