import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import type { NfsCalls } from '../../nas/nas';
import { until } from '../until';
import { logIn, logOut, useLab } from './fixture';
import { SshUser } from './ssh-user';

const CHECKOUT = join(__dirname, '../../..');
const PATH = '/volume2/kube-nfs/v/jellyfin-config';
const IQN = 'iqn.2000-01.com.example:jellyfin';
const DESCRIPTION = `import { defineCluster, iscsi, jellyfin, nfs } from 'lunward';

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    jellyfin: jellyfin({
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      config: [
        nfs({ name: 'jellyfin-config', server: '192.0.2.200', path: '${PATH}', size: '10Gi' }),
        iscsi({ name: 'jellyfin-config-2', targetPortal: '192.0.2.200:3260', iqn: '${IQN}', lun: 1, size: '128Mi' }),
      ],
    }),
  },
});
`;
/** As somebody once applied it by hand, under labels of his own. */
const MANIFESTS = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: jellyfin-config, labels: { app: films } }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteMany]
  storageClassName: ""
  persistentVolumeReclaimPolicy: Retain
  claimRef: { namespace: media, name: jellyfin-config }
  nfs: { server: 192.0.2.200, path: ${PATH} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: jellyfin-config, namespace: media, labels: { app: films } }
spec: { storageClassName: "", volumeName: jellyfin-config, accessModes: [ReadWriteMany], resources: { requests: { storage: 10Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: jellyfin, namespace: media, labels: { app: films } }
spec:
  selector: { matchLabels: { app: films } }
  strategy: { type: Recreate }
  template:
    metadata: { labels: { app: films } }
    spec:
      enableServiceLinks: false
      # Another node than the one that copies, so that the NAS can tell them apart.
      nodeName: node-b
      containers:
        - name: jellyfin
          image: lscr.io/linuxserver/jellyfin:10.11.5
          imagePullPolicy: IfNotPresent
          env: [{ name: PUID, value: '1000' }, { name: PGID, value: '1000' }]
          volumeMounts: [{ name: config, mountPath: /config }]
      volumes: [{ name: config, persistentVolumeClaim: { claimName: jellyfin-config } }]
`;

const fixture = useLab();
let folder: string;
let user: SshUser;

/** Runs the command as a user of the lab does. */
function lunward(command: string, ...args: readonly string[]) {
  return run(
    join(CHECKOUT, 'node_modules/.bin/jiti'),
    [join(CHECKOUT, 'lib/cli/main.ts'), command, '--file', join(folder, 'cluster.ts'), ...args],
    { env: { ...user.environment, KUBECONFIG: fixture.lab.kubeconfig } },
  );
}
const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
const lastRow = () => Math.max(0, ...fixture.lab.acknowledgements().map(({ row }) => row));
const pods = () =>
  kubectl(
    'get',
    'pods',
    '-o',
    'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\\n"}{end}',
  );

/** Everything of ours that may be left on a node. */
async function leftOn(name: string): Promise<unknown> {
  const look = async (command: string) => (await fixture.lab.node(name).tryRun('bash', ['-c', command])).stdout;
  return {
    sessions: await look('iscsiadm -m session 2>/dev/null'),
    records: await look('find /etc/iscsi/nodes -type f 2>/dev/null'),
    notes: await look('ls -R /run/lunward 2>/dev/null'),
    // The app's own mount comes and goes by itself.
    mounts: await look('findmnt --raw --noheadings --output TARGET | grep -v kubelet | sort'),
    units: await look('systemctl list-units --all --plain --no-legend "lunward*"'),
  };
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  folder = mkdtempSync(join(tmpdir(), 'lunward-prepare-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'lunward'));
  writeFileSync(join(folder, 'cluster.ts'), DESCRIPTION);
  user = await SshUser.of(fixture.lab);
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.write(`${PATH}/.hidden file`, 'kept\n');
  await nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  await fixture.lab.kubectl(['create', 'namespace', 'media']);
  await fixture.lab.kubectl(['apply', '--filename', '-'], MANIFESTS);
  await kubectl('rollout', 'status', 'deployment/jellyfin', '--timeout=240s');
  await until('rows of jellyfin', 60, async () => lastRow() > 5);
}, 1_200_000);
afterAll(() => {
  user?.remove();
  rmSync(folder, { recursive: true });
});

describe('an app that somebody runs', () => {
  let digest: string;

  it('is planned for, and its plan does not change while it writes', async () => {
    const { code, stdout, stderr } = await lunward('plan', 'jellyfin');
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('SQLite databases');
    digest = /digest ([0-9a-f]{16})/.exec(stdout)?.[1] ?? '';
    const row = lastRow();
    await until('further rows', 60, async () => lastRow() > row);
    expect((await lunward('plan', 'jellyfin')).stdout).toContain(digest);
  });

  it('is prepared for a move, and never notices', async () => {
    const left = [await leftOn('node-a'), await leftOn('node-b')];
    const before = { pods: await pods(), row: lastRow(), instances: instances() };
    const endAudit = await fixture.lab.nas.auditNfs();
    const { code, stdout, stderr } = await lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    const calls = await endAudit();
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(writers(calls)).toEqual(['192.0.2.211']);
    expect(calls).toContainEqual(expect.objectContaining({ address: '192.0.2.210', operation: 'OP_READ' }));
    expect(stdout).toContain('format on node-a: changed\n');
    expect(stdout).toContain('copy on node-a: changed\n');
    expect(stdout).toContain('hash on node-a: changed\n');
    expect(await pods()).toBe(before.pods);
    expect(instances()).toEqual(before.instances);
    await until('further rows', 60, async () => lastRow() > before.row);
    expect([await leftOn('node-a'), await leftOn('node-b')]).toEqual(left);
    const states = await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}');
    expect(states.match(/"state": "\w+"/g)).toEqual([
      '"state": "intent"',
      '"state": "building"',
      '"state": "prepared"',
    ]);
  }, 600_000);

  it('has its data on the new volume, beside a marker', async () => {
    const machine = fixture.lab.node('node-b');
    const device = await logIn(machine, IQN);
    await machine.run('mount', ['-o', 'ro', device, '/mnt']);
    const onLun = await machine.run('bash', [
      '-c',
      'cd /mnt; find . -path ./lost+found -prune -o -path ./.lunward -prune -o -print | sort',
    ]);
    const marker = await machine.run('cat', ['/mnt/.lunward/marker']);
    const content = await machine.run('cat', ['/mnt/.hidden file']);
    await machine.run('umount', ['/mnt']);
    await logOut(machine, IQN);
    expect(marker).toContain('state=building\nattempt=1\nvolume=jellyfin-config-2\n');
    expect(content).toBe('kept\n');
    const onNas = await fixture.lab.nas.run('bash', ['-c', `cd ${PATH}; find . -print | sort`]);
    const settled = (list: string) => list.split('\n').filter((name) => !/-(wal|shm|journal)$/.test(name));
    expect(settled(onLun)).toEqual(settled(onNas));
  });

  it('is brought up to date by the same command', async () => {
    await fixture.lab.nas.write(`${PATH}/later`, 'new\n');
    const { code, stdout } = await lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    expect(code).toBe(0);
    expect(stdout).toContain('format on node-a: unchanged\n');
    expect(stdout).toContain('copy on node-a: changed\n');
  }, 600_000);
});

/** Who changed something at the server. */
function writers(calls: readonly NfsCalls[]): string[] {
  const changes =
    /^(OP_)?(WRITE|SETATTR|CREATE|MKDIR|SYMLINK|MKNOD|REMOVE|RMDIR|RENAME|LINK|COMMIT|ALLOCATE|.*XATTR.*)$/;
  const found = calls.filter(({ operation }) => changes.test(operation) && !/GETXATTR|LISTXATTRS/.test(operation));
  return [...new Set(found.map(({ address }) => address))];
}

/** The databases that told of rows. */
function instances(): string[] {
  return [...new Set(fixture.lab.acknowledgements().map(({ instance }) => instance))].sort();
}
