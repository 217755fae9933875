import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import type { Lun } from '../../nas/nas';
import { useLab } from './fixture';
import { SshUser } from './ssh-user';

const CHECKOUT = join(__dirname, '../../..');
const DESCRIPTION = `import { defineCluster, iscsi, jellyfin, nfs, sonarr } from 'lunward';

const lun = (name: string, lun: number, size: string) =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: \`iqn.2000-01.com.example:\${name}\`, lun, size });
const share = nfs({ name: 'jellyfin-config', server: '192.0.2.200', path: '/volume2/jellyfin-config', size: '10Gi' });

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    sonarr: sonarr({ image: 'registry.example.com/sonarr:1', config: lun('sonarr', 1, '64Mi') }),
    jellyfin: jellyfin({ image: 'registry.example.com/jellyfin:1', config: MOVED }),
  },
});
`;

const fixture = useLab();
let folder: string;
let user: SshUser;
let lun: Lun;

/** Runs the command as a user of the lab does. */
function lunward(command: string, ...args: readonly string[]) {
  return run(
    join(CHECKOUT, 'node_modules/.bin/jiti'),
    [join(CHECKOUT, 'lib/cli/main.ts'), command, '--file', join(folder, 'cluster.ts'), ...args],
    { env: { ...user.environment, KUBECONFIG: fixture.lab.kubeconfig } },
  );
}
const write = (config: string) => writeFileSync(join(folder, 'cluster.ts'), DESCRIPTION.replace('MOVED', config));
const journal = async () =>
  JSON.parse(
    await fixture.lab.kubectl(['get', 'configmap', 'lunward-sonarr', '-n', 'media', '-o', 'jsonpath={.data.journal}']),
  ) as { volumes: Record<string, { state: string; node: string; digest: string }[]> };

beforeAll(async () => {
  const { nas } = fixture.lab;
  folder = mkdtempSync(join(tmpdir(), 'lunward-plan-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'lunward'));
  write('[share]');
  user = await SshUser.of(fixture.lab);
  lun = await nas.createLun({ iqn: 'iqn.2000-01.com.example:sonarr', lun: 1, size: '64Mi' });
  await nas.createLun({ iqn: 'iqn.2000-01.com.example:jellyfin', lun: 2, size: '512Mi' });
  await nas.exportNfs({ path: '/volume2/jellyfin-config', rootSquash: false });
  await nas.run('bash', [
    '-ec',
    'cd /pool/volume2/jellyfin-config; mkdir data; seq 9999 >data/notes; sqlite3 jellyfin.db "pragma journal_mode=wal; create table t(x)"',
  ]);
  await fixture.lab.kubectl(['create', 'namespace', 'media']);
});
afterAll(() => {
  user.remove();
  rmSync(folder, { recursive: true });
});

describe('a first volume', () => {
  let digest: string;

  it('is planned, and nothing is changed by that', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    const { code, stdout, stderr } = await lunward('plan', 'sonarr');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^sonarr: \/config on PersistentVolume sonarr\n {2}LUN 1 of iqn\.2000-01\.com\.example:sonarr at 192\.0\.2\.200:3260: 64 MiB, 0x6001405[0-9a-f]{25}\n {2}1\. format on node-a: /,
    );
    digest = /digest ([0-9a-f]{16})/.exec(stdout)?.[1] ?? '';
    expect((await lunward('plan', 'sonarr')).stdout).toContain(digest);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });

  it('is not made without an approval of this very plan', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    const unasked = await lunward('format', 'sonarr');
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining(`--approve ${digest}`)]);
    const other = await lunward('format', 'sonarr', '--approve', '0123456789abcdef');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('is not the plan as it is now')]);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });

  it('is made, sealed, and written down', async () => {
    const { code, stdout, stderr } = await lunward('format', 'sonarr', '--approve', digest);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('format on node-a: changed\nseal on node-a …\nseal on node-a: changed\n');
    const { volumes } = await journal();
    expect(volumes.sonarr?.map(({ state, node, digest: of }) => [state, node, of])).toEqual([
      ['intent', 'node-a', digest],
      ['building', 'node-a', digest],
      ['sealed', 'node-a', digest],
    ]);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
    const lease = await fixture.lab.kubectl([
      'get',
      'lease',
      'lunward-sonarr',
      '-n',
      'media',
      '-o',
      'jsonpath={.spec.holderIdentity}',
    ]);
    expect(lease).toBe('');
  });

  it('is left alone from then on', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    const again = await lunward('format', 'sonarr', '--approve', digest);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^PersistentVolume sonarr is sealed as attempt 1/),
    });
    // Whoever loses the journal meets the marker.
    await fixture.lab.kubectl(['delete', 'configmap', 'lunward-sonarr', '-n', 'media']);
    const lost = await lunward('format', 'sonarr', '--approve', digest);
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('says state "sealed", expected "building"')]);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });
});

describe('a move', () => {
  it('begins with a LUN that somebody makes, of the size that is right', async () => {
    const { code, stdout } = await lunward('plan', 'jellyfin');
    expect(code).toBe(0);
    expect(stdout).toContain('from 192.0.2.200:/volume2/jellyfin-config by NFS 4.2: ');
    expect(stdout).toContain('1 SQLite databases, 1 of them with a write-ahead log: jellyfin.db');
    expect(stdout).toContain('No LUN is described for it yet. For what it holds, one of 1Gi is right');
  });

  it('is refused for all that is in its way at once', async () => {
    write("[share, lun('jellyfin', 1, '512Mi')]");
    const { code, stdout } = await lunward('plan', 'jellyfin');
    expect(code).toBe(1);
    for (const node of ['node-a', 'node-b']) {
      expect(stdout).toContain(`refused: ${node} the target has no LUN 1, but 2, which has the size that is described`);
    }
  });

  it('is planned where it can be made', async () => {
    write("[share, lun('jellyfin', 2, '512Mi')]");
    const { code, stdout } = await lunward('plan', 'jellyfin');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^jellyfin: \/config on PersistentVolume jellyfin\n/);
    expect(stdout).toMatch(/digest [0-9a-f]{16}/);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });
});
