import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { onDevice, useLab } from './fixture';
import { digestIn, Operator } from './operator';
import { errorIn, type PrintedPlan, refusalsIn, resultIn } from './printed-json';

const DESCRIPTION = `import { defineCluster, iscsi, jellyfin, nfs, radarr, sonarr } from 'lunward';

const lun = (name: string, lun: number, size: string) =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: \`iqn.2000-01.com.example:\${name}\`, lun, size });
const share = nfs({ name: 'jellyfin-config', server: '192.0.2.200', path: '/volume2/jellyfin-config', size: '10Gi' });

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    sonarr: sonarr({ image: 'registry.example.com/sonarr:1', config: lun('sonarr', 1, '64Mi') }),
    radarr: radarr({ image: 'registry.example.com/radarr:1', config: lun('radarr', 1, '32Mi') }),
    jellyfin: jellyfin({ image: 'registry.example.com/jellyfin:1', config: MOVED }),
  },
});
`;

const fixture = useLab({ podsOn: [] });
let operator: Operator;
let lun: Lun;

const lunward = (command: string, ...args: readonly string[]) => operator.lunward(command, ...args);
const write = (config: string) => operator.describe(DESCRIPTION.replace('MOVED', config));
const journal = async () =>
  JSON.parse(
    await fixture.lab.kubectl(['get', 'configmap', 'lunward-sonarr', '-n', 'media', '-o', 'jsonpath={.data.journal}']),
  ) as { volumes: Record<string, { state: string; node: string; digest: string; uuid: string }[]> };

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab);
  write('[share]');
  lun = await nas.createLun({ iqn: 'iqn.2000-01.com.example:sonarr', lun: 1, size: '64Mi' });
  await nas.createLun({ iqn: 'iqn.2000-01.com.example:jellyfin', lun: 2, size: '512Mi' });
  await nas.exportNfs({ path: '/volume2/jellyfin-config', rootSquash: false });
  await nas.run('bash', [
    '-ec',
    'cd /pool/volume2/jellyfin-config; mkdir data; seq 9999 >data/notes; sqlite3 data/jellyfin.db "pragma journal_mode=wal; create table t(x)"',
  ]);
  await fixture.lab.kubectl(['create', 'namespace', 'media']);
});
afterAll(() => {
  operator?.remove();
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
    digest = digestIn(stdout);
    expect((await lunward('plan', 'sonarr')).stdout).toContain(digest);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });

  it('is not made without an approval of this very plan', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    const unasked = await lunward('format', 'sonarr', '--json');
    const why = errorIn(unasked.stdout);
    expect([unasked.code, why.code, why.message]).toEqual([
      3,
      'approval-missing',
      expect.stringContaining(`--approve ${digest}`),
    ]);
    const other = await lunward('format', 'sonarr', '--approve', '0123456789abcdef', '--json');
    expect([other.code, errorIn(other.stdout).code]).toEqual([3, 'approval-outdated']);
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
    const lock = JSON.parse(readFileSync(join(operator.folder, 'lunward.lock.json'), 'utf8'));
    expect(lock).toEqual({
      version: 1,
      live: {},
      sealed: { sonarr: { sonarr: { attempt: 1, uuid: volumes.sonarr?.at(-1)?.uuid } } },
    });
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
    const again = await lunward('format', 'sonarr', '--approve', digest, '--json');
    expect([again.code, resultIn(again.stdout)]).toEqual([0, expect.objectContaining({ result: 'unchanged' })]);
    // Without the journal, the marker still prevents it.
    await fixture.lab.kubectl(['delete', 'configmap', 'lunward-sonarr', '-n', 'media']);
    const lost = await lunward('format', 'sonarr', '--approve', digest, '--json');
    const why = errorIn(lost.stdout);
    expect([lost.code, why.code, why.message]).toEqual([
      1,
      'step-declined',
      expect.stringMatching(/"sealed".*"building"/),
    ]);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });
});

describe('a move', () => {
  it('begins with a LUN that somebody makes, of the size that is right', async () => {
    const { code, stdout } = await lunward('plan', 'jellyfin');
    expect(code).toBe(0);
    expect(stdout).toContain('from 192.0.2.200:/volume2/jellyfin-config by NFS 4.2: ');
    expect(stdout).toContain('1 SQLite databases, 1 of them with a write-ahead log: data/jellyfin.db');
    expect(stdout).toContain('No LUN is described for it yet. For what it holds, one of 1Gi is right');
  });

  it('is refused for all that is in its way at once', async () => {
    write("[share, lun('jellyfin', 1, '512Mi')]");
    const { code, stdout } = await lunward('plan', 'jellyfin', '--json');
    expect(code).toBe(3);
    const refusals = refusalsIn(stdout);
    for (const node of ['node-a', 'node-b']) {
      expect(refusals).toContainEqual(
        expect.objectContaining({ code: 'lun-not-found', subject: node, found: expect.stringMatching(/\bLUN 1\b/) }),
      );
    }
  });

  it('is planned where it can be made', async () => {
    write("[share, lun('jellyfin', 2, '512Mi')]");
    const { code, stdout } = await lunward('plan', 'jellyfin', '--json');
    // It can be prepared but not moved: nothing of that name runs.
    expect(code).toBe(3);
    expect(refusalsIn(stdout)).toMatchObject([{ code: 'deployment-missing', subject: 'Deployment media/jellyfin' }]);
    expect(resultIn<PrintedPlan[]>(stdout)[0]?.planned).toMatchObject({
      plan: { volume: 'jellyfin', mountPath: '/config' },
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });
});

describe('a volume that somebody filled by hand', () => {
  const look =
    'mount -o ro "$1" /mnt; cd /mnt; find data -type f -exec md5sum {} +; cat .lunward/marker; cd /; umount /mnt';
  let lun: Lun;
  const states = async () =>
    (
      await fixture.lab.kubectl(['get', 'configmap', 'lunward-radarr', '-n', 'media', '-o', 'jsonpath={.data.journal}'])
    ).match(/(?<="state": ")\w+/g);
  let digest: string;

  it('is adopted when that is approved, with its data unchanged', async () => {
    lun = await fixture.lab.nas.createLun({ iqn: 'iqn.2000-01.com.example:radarr', lun: 1, size: '32Mi' });
    await onDevice(
      fixture.lab.node('node-b'),
      lun,
      'mkfs.ext4 -q "$1"; mount "$1" /mnt; mkdir /mnt/data; seq 9999 >/mnt/data/notes; umount /mnt',
    );
    const before = await fixture.lab.nas.hashLun(lun);
    const planned = await lunward('plan', 'radarr', '--json');
    expect(planned.code).toBe(3);
    expect(refusalsIn(planned.stdout)).toContainEqual(
      expect.objectContaining({ code: 'not-blank', remedy: expect.stringContaining('"lunward seal"') }),
    );
    const unasked = await lunward('seal', 'radarr');
    expect(unasked).toMatchObject({ code: 3, stdout: expect.stringContaining('at its root: data\n') });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    digest = digestIn(unasked.stdout);
    const { code, stderr } = await lunward('seal', 'radarr', '--approve', digest);
    expect([code, stderr]).toEqual([0, '']);
    expect(await onDevice(fixture.lab.node('node-b'), lun, look)).toMatch(
      /^[0-9a-f]{32} {2}data\/notes\nstate=sealed\nattempt=1\nvolume=radarr\nuuid=[0-9a-f-]{36}\n$/,
    );
    expect(await states()).toEqual(['intent', 'sealed']);
    expect((await lunward('plan', 'radarr')).stdout).toContain('is sealed as attempt 1');
  });

  it('is neither given up nor wiped, and found again without its journal', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    for (const command of ['abort', 'wipe']) {
      const refused = await lunward(command, 'radarr', '--approve', digest, '--json');
      const { code, advice } = errorIn(refused.stdout);
      expect([refused.code, code]).toEqual([3, 'plan-refused']);
      expect(advice).toContainEqual(
        expect.objectContaining({ code: 'already-sealed', subject: 'PersistentVolume radarr' }),
      );
    }
    await fixture.lab.kubectl(['delete', 'configmap', 'lunward-radarr', '-n', 'media']);
    expect(await lunward('wipe', 'radarr', '--approve', digest)).toMatchObject({ code: 3 });
    const again = await lunward('seal', 'radarr', '--approve', digest);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('seal on node-a: unchanged\n') });
    expect(await states()).toEqual(['intent', 'sealed']);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });
});
