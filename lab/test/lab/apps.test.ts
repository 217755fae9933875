import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PulumiProject } from '../../project/pulumi-project';
import { until } from '../until';
import { createFormatted, useLab } from './fixture';
import { forwarded } from './forwarded';

const NFS_PATH = '/volume2/kube-nfs/v';
/** The example before anything was moved. */
const ON_NFS = readFileSync(join(__dirname, '../../../stacks/cluster.ts'), 'utf8');
/** The same for a user who begins with LUNs. */
const EXAMPLE = ON_NFS.replace(/ {2}nfs\(\{.*\}\),\n/, '')
  .replaceAll('-config-2`', '-config`')
  .replace('nfs, ', '');

const fixture = useLab();
const target = (app: string) => `iqn.2000-01.com.example:${app}`;
const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
const inApp = (app: string, ...command: readonly string[]) => kubectl('exec', `deployment/${app}`, '--', ...command);
const nodeOf = (app: string) =>
  kubectl(
    'get',
    'pods',
    '--selector',
    `app.kubernetes.io/name=${app}`,
    '--output',
    'jsonpath={.items[*].spec.nodeName}',
  );

/** The highest acknowledged row of each of an app's databases, by instance. */
function acknowledged(app: string): Map<string, number> {
  const own = fixture.lab.acknowledgements().filter((one) => one.app === app);
  const highest = new Map<string, number>();
  for (const { instance, row } of own) highest.set(instance, Math.max(highest.get(instance) ?? 0, row));
  return highest;
}

async function whenReady(app: string): Promise<void> {
  await kubectl('rollout', 'status', `deployment/${app}`, '--timeout=240s');
}

// First, because apps that go on writing slow down everything after them.
describe.concurrent('fsType: auto', () => {
  const manifest = (name: string) => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  persistentVolumeReclaimPolicy: Retain
  claimRef: { namespace: default, name: ${name} }
  iscsi: { targetPortal: '192.0.2.200:3260', iqn: '${target(name)}', lun: 1, fsType: auto }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}, namespace: default }
spec: { storageClassName: "", volumeName: ${name}, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: lab/busybox:1
      command: [sleep, '100000']
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: ${name} } }]
`;
  it.each(['ext4', 'xfs'])('mounts what holds %s', async (type) => {
    const name = `holds-${type}`;
    await createFormatted(fixture.lab, target(name), type);
    await fixture.lab.kubectl(['apply', '--filename', '-'], manifest(name));
    await fixture.lab.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=180s']);
    expect(await fixture.lab.kubectl(['exec', name, '--', 'cat', '/proc/mounts'])).toMatch(
      new RegExp(`/data ${type} rw`),
    );
  });

  it('leaves a LUN that it cannot read as it is, and says so', async () => {
    const name = 'unreadable';
    const { nas } = fixture.lab;
    const lun = await nas.createLun({ iqn: target(name), lun: 1, size: '64Mi' });
    await nas.run('dd', ['if=/dev/urandom', 'of=/dev/mapper/lun-unreadable-1', 'bs=1M', 'count=64', 'oflag=direct']);
    const before = await nas.hashLun(lun);
    await fixture.lab.kubectl(['apply', '--filename', '-'], manifest(name));
    await until('the event', 180, async () => {
      const events = await fixture.lab.kubectl(['get', 'events', '--field-selector', `involvedObject.name=${name}`]);
      return /FailedMount.*mkfs\.auto|FailedMount.*type:\("auto"\)/s.test(events);
    });
    expect(await nas.hashLun(lun)).toBe(before);
    expect(await fixture.lab.kubectl(['get', 'pod', name, '--output', 'jsonpath={.status.phase}'])).toBe('Pending');
  });
});

describe('the worked example', () => {
  let project: PulumiProject;

  beforeAll(async () => {
    for (const app of ['jellyfin', 'sonarr']) await createFormatted(fixture.lab, target(app));
    await fixture.lab.nas.exportNfs({ path: '/volume1/media' });
    await fixture.lab.nas.exportNfs({ path: `${NFS_PATH}/radarr-config` });
    project = PulumiProject.create(fixture.engine, fixture.lab, { 'cluster.ts': EXAMPLE });
    await project.initAndUp('shared');
  });
  afterAll(() => project?.remove());

  it('comes up on iSCSI as it is described, and commits rows to the LUN', async () => {
    await Promise.all([project.initAndUp('jellyfin'), project.initAndUp('sonarr')]);
    for (const app of ['jellyfin', 'sonarr']) {
      const mounts = await inApp(app, 'cat', '/proc/mounts');
      expect(mounts).toMatch(/^\/dev\/sd\S+ \/config ext4 rw/m);
      await until(`rows of ${app}`, 60, async () => [...acknowledged(app).values()].some((row) => row > 5));
    }
    expect(await inApp('jellyfin', 'cat', '/proc/mounts')).toMatch(/192\.0\.2\.200:\/volume1\/media \/media nfs4 ro/);
    const targets = (await fixture.lab.nas.sessions()).map(({ iqn }) => iqn);
    for (const app of ['jellyfin', 'sonarr']) expect(targets.filter((iqn) => iqn === target(app))).toHaveLength(1);
  });

  it('comes up on NFS', async () => {
    project.write({ 'cluster.ts': ON_NFS });
    await project.initAndUp('radarr');
    expect(await inApp('radarr', 'cat', '/proc/mounts')).toMatch(
      /192\.0\.2\.200:\/volume2\/kube-nfs\/v\/radarr-config \/config nfs4 rw/,
    );
    expect(await fixture.lab.nas.run('ls', [`${NFS_PATH}/radarr-config`])).toContain('radarr.db');
    await until('rows of radarr', 60, async () => [...acknowledged('radarr').values()].some((row) => row > 5));
    project.write({ 'cluster.ts': EXAMPLE });
  });

  it('is reached through the API server: logs, a command, a forwarded port', async () => {
    expect(await kubectl('logs', 'deployment/jellyfin')).toContain('committed rows up to');
    expect(await inApp('jellyfin', 'hostname')).toMatch(/^jellyfin-/);
    const app = { namespace: 'media', name: 'jellyfin', port: 8096 };
    const asked = forwarded(fixture, app, async (url) => (await fetch(`${url}/health`)).text());
    expect(await asked).toBe('Healthy');
  });

  it('moves to the other node, finds its data and loses no acknowledged row', async () => {
    const before = await nodeOf('sonarr');
    const [[instance, row] = ['', 0]] = acknowledged('sonarr');
    await kubectl('cordon', before);
    await kubectl('delete', 'pod', '--selector', 'app.kubernetes.io/name=sonarr', '--wait');
    const told = acknowledged('sonarr');
    await whenReady('sonarr');
    expect(await nodeOf('sonarr')).not.toBe(before);
    await until(
      'further rows',
      60,
      async () => (acknowledged('sonarr').get(instance) ?? 0) > (told.get(instance) ?? 0),
    );
    expect([...acknowledged('sonarr').keys()].sort()).toEqual([...told.keys()].sort());
    expect(told.get(instance)).toBeGreaterThanOrEqual(row);
    // A kubelet ends its session some time after the pod is gone.
    const sessions = async () => (await fixture.lab.nas.sessions()).filter(({ iqn }) => iqn === target('sonarr'));
    await until('one session', 120, sessions, (found) => found.length === 1);
    await kubectl('uncordon', before);
  });
});
