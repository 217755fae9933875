import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/executors/ssh';
import { type Attempt, formatLun, type PlannedLun } from '../../../lib/shell/format-lun';
import { probeLun } from '../../../lib/shell/probe-lun';
import { wipeLun } from '../../../lib/shell/wipe-lun';
import { run } from '../../engine/run';
import type { Lun } from '../../nas/nas';
import { logIn, logOut, PORTAL, useLab } from './fixture';
import { SshUser } from './ssh-user';

const CHECKOUT = join(__dirname, '../../..');
const DESCRIPTION = `import { defineCluster, iscsi, jellyfin, nfs, sonarr } from 'lunward';

const lun = (name: string, size: string) =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: \`iqn.2000-01.com.example:\${name}\`, lun: 1, size });
const share = nfs({ name: 'jellyfin-config', server: '192.0.2.200', path: '/volume2/jellyfin-config', size: '10Gi' });

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    sonarr: sonarr({ image: 'registry.example.com/sonarr:1', config: lun('sonarr', '64Mi') }),
    jellyfin: jellyfin({ image: 'registry.example.com/jellyfin:1', config: [share, lun('jellyfin', '64Mi')] }),
  },
});
`;

const fixture = useLab();
const path = process.env.PATH;
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
const digestIn = (stdout: string) => /digest ([0-9a-f]{16})/.exec(stdout)?.[1] ?? '';
const states = async (app: string) =>
  (
    await fixture.lab.kubectl(['get', 'configmap', `lunward-${app}`, '-n', 'media', '-o', 'jsonpath={.data.journal}'])
  ).match(/(?<="state": ")\w+/g);

/** Has another node do something with a LUN. */
async function onDevice({ iqn }: Lun, command: string): Promise<string> {
  const machine = fixture.lab.node('node-b');
  const device = await logIn(machine, iqn);
  const printed = await machine.run('bash', ['-ec', `${command}\nsync`, 'bash', device], { timeoutSeconds: 120 });
  await logOut(machine, iqn);
  return printed;
}
const createLun = (name: string, size: string) =>
  fixture.lab.nas.createLun({ iqn: `iqn.2000-01.com.example:${name}`, lun: 1, size });

beforeAll(async () => {
  const { nas } = fixture.lab;
  folder = mkdtempSync(join(tmpdir(), 'lunward-abort-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'lunward'));
  writeFileSync(join(folder, 'cluster.ts'), DESCRIPTION);
  user = await SshUser.of(fixture.lab);
  process.env.PATH = user.environment.PATH;
  await nas.exportNfs({ path: '/volume2/jellyfin-config', rootSquash: false });
  await nas.write('/volume2/jellyfin-config/notes', 'kept\n');
  await fixture.lab.kubectl(['create', 'namespace', 'media']);
}, 1_200_000);
afterAll(() => {
  process.env.PATH = path;
  user?.remove();
  rmSync(folder, { recursive: true });
});

describe('a move that was prepared', () => {
  const unit = 'lunward-copy-jellyfin-1';
  let lun: Lun;
  let blank: string;
  let prepared: string;

  it('has nothing to give up before it is begun, nor to wipe', async () => {
    lun = await createLun('jellyfin', '64Mi');
    blank = await fixture.lab.nas.hashLun(lun);
    expect(await lunward('abort', 'jellyfin')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('jellyfin: nothing is under way'),
    });
    const wiped = await lunward('wipe', 'jellyfin');
    expect([wiped.code, wiped.stdout]).toEqual([1, expect.stringContaining('was never begun, by the journal')]);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(blank);
  });

  it('is given up when that is approved, and not touched by that', async () => {
    const planned = digestIn((await lunward('plan', 'jellyfin')).stdout);
    expect(await lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', planned)).toMatchObject({ code: 0 });
    prepared = await fixture.lab.nas.hashLun(lun);
    const wiped = await lunward('wipe', 'jellyfin');
    expect([wiped.code, wiped.stdout]).toEqual([1, expect.stringContaining('lunward abort jellyfin')]);
    // As if the copy still went on.
    await fixture.lab.node('node-a').run('systemd-run', [`--unit=${unit}`, 'sleep', '10000']);
    const unasked = await lunward('abort', 'jellyfin');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('--approve') });
    expect(unasked.stdout).toContain('then still holds an unsealed copy as attempt 1, UUID ');
    expect((await fixture.lab.node('node-a').tryRun('systemctl', ['is-active', unit])).code).toBe(0);
    const { code, stdout, stderr } = await lunward('abort', 'jellyfin', '--approve', digestIn(unasked.stdout));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('cancel copy on node-a: changed\n');
    expect((await fixture.lab.node('node-a').tryRun('systemctl', ['is-active', unit])).code).not.toBe(0);
    expect(await states('jellyfin')).toEqual(['intent', 'building', 'prepared', 'burnt']);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(prepared);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
    expect(await lunward('abort', 'jellyfin')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('attempt 1 was given up'),
    });
  }, 600_000);

  it('is not begun anew on what it left', async () => {
    const { code, stdout } = await lunward('plan', 'jellyfin');
    expect([code, stdout]).toEqual([1, expect.stringContaining('what attempt 1 of PersistentVolume jellyfin left')]);
    expect(stdout).toContain('"lunward wipe jellyfin" makes it blank again');
    expect((await lunward('migrate', 'jellyfin', '--until', 'prepare')).code).toBe(1);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(prepared);
  });

  it('is wiped with an approval of this very plan alone, and goes on as attempt 2', async () => {
    const unasked = await lunward('wipe', 'jellyfin');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('--approve') });
    const other = await lunward('wipe', 'jellyfin', '--approve', '0123456789abcdef');
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('is not the plan as it is now') });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(prepared);
    const { code, stderr } = await lunward('wipe', 'jellyfin', '--approve', digestIn(unasked.stdout));
    expect([code, stderr]).toEqual([0, '']);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(blank);
    expect((await states('jellyfin'))?.slice(-2)).toEqual(['wiping', 'wiped']);
    expect(await lunward('wipe', 'jellyfin')).toMatchObject({ code: 0 });
    const planned = await lunward('plan', 'jellyfin');
    expect([planned.code, planned.stdout]).toEqual([
      0,
      expect.stringContaining('PersistentVolume jellyfin, attempt 2'),
    ]);
  }, 600_000);
});

describe('a volume that somebody filled by hand', () => {
  const look =
    'mount -o ro "$1" /mnt; cd /mnt; find data -type f -exec md5sum {} +; cat .lunward/marker; cd /; umount /mnt';
  let lun: Lun;
  let digest: string;

  it('is adopted when that is approved, with its data unchanged', async () => {
    lun = await createLun('sonarr', '64Mi');
    await onDevice(lun, 'mkfs.ext4 -q "$1"; mount "$1" /mnt; mkdir /mnt/data; seq 9999 >/mnt/data/notes; umount /mnt');
    const before = await fixture.lab.nas.hashLun(lun);
    const planned = await lunward('plan', 'sonarr');
    expect([planned.code, planned.stdout]).toEqual([1, expect.stringContaining('adopt it with "lunward seal"')]);
    const unasked = await lunward('seal', 'sonarr');
    expect(unasked).toMatchObject({ code: 1, stdout: expect.stringContaining('at its root: data\n') });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    digest = digestIn(unasked.stdout);
    const { code, stderr } = await lunward('seal', 'sonarr', '--approve', digest);
    expect([code, stderr]).toEqual([0, '']);
    expect(await onDevice(lun, look)).toMatch(
      /^[0-9a-f]{32} {2}data\/notes\nstate=sealed\nattempt=1\nvolume=sonarr\nuuid=[0-9a-f-]{36}\n$/,
    );
    expect(await states('sonarr')).toEqual(['intent', 'sealed']);
    expect((await lunward('plan', 'sonarr')).stdout).toContain('is sealed as attempt 1');
  });

  it('is neither given up nor wiped, and found again without its journal', async () => {
    const before = await fixture.lab.nas.hashLun(lun);
    for (const command of ['abort', 'wipe']) {
      const refused = await lunward(command, 'sonarr', '--approve', digest);
      expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('is sealed as attempt 1')]);
    }
    await fixture.lab.kubectl(['delete', 'configmap', 'lunward-sonarr', '-n', 'media']);
    expect(await lunward('wipe', 'sonarr', '--approve', digest)).toMatchObject({ code: 1 });
    const again = await lunward('seal', 'sonarr', '--approve', digest);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('seal on node-a: unchanged\n') });
    expect(await states('sonarr')).toEqual(['intent', 'sealed']);
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });
});

describe('what an attempt left', () => {
  const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });

  /** A LUN with a file system of an attempt, and what somebody has done to it since. */
  async function leftover(name: string, command: string) {
    const lun = await createLun(name, '32Mi');
    const blank = await fixture.lab.nas.hashLun(lun);
    const portal = `${PORTAL}:3260`;
    const report = await node.run(probeLun({ portal, iqn: lun.iqn }));
    const seen = report.result === 'declined' ? undefined : report.facts.luns[0];
    const plan: PlannedLun = { portal, iqn: lun.iqn, lun: 1, bytes: seen?.bytes ?? 0, wwn: seen?.wwn ?? '' };
    const attempt: Attempt = { volume: lun.name, attempt: 1, uuid: randomUUID() };
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({ result: 'changed' });
    await onDevice(lun, `attempt='${attempt.attempt} of ${attempt.volume}, ${attempt.uuid}'\n${command}`);
    return { lun, blank, wipe: wipeLun(plan, attempt, 'ext4') };
  }

  it.each<[string, string, string]>([
    ['sealed', 'mount "$1" /mnt; sed -i s/building/sealed/ /mnt/.lunward/marker; umount /mnt', 'says state "sealed"'],
    ['used', 'mount "$1" /mnt; rm -r /mnt/.lunward; echo x >/mnt/mine; umount /mnt', 'holds mine, but no marker'],
    ['foreign', 'mkfs.ext4 -q -F "$1" >&2', 'holds something: ext4'],
    ['torn', 'dd if=/dev/zero of="$1" bs=64K count=1; printf x | dd of="$1" bs=1 seek=16777219', 'is not blank: byte'],
  ])('is not wiped where it is %s', async (name, command, reason) => {
    const { lun, wipe } = await leftover(name, command);
    const before = await fixture.lab.nas.hashLun(lun);
    expect(await node.run(wipe)).toEqual({ result: 'declined', reason: expect.stringContaining(reason) });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });

  it.each<[string, string]>([
    ['whole', ''],
    ['unmarked', 'mount "$1" /mnt; rm -r /mnt/.lunward; umount /mnt'],
    // As a wipe leaves it that was killed.
    [
      'zeroed-in-part',
      'echo "lunward wipes attempt $attempt" | dd of="$1" bs=512 count=1 conv=sync; dd if=/dev/zero of="$1" bs=4K seek=1 count=4000',
    ],
  ])('is wiped where it is %s, once', async (name, command) => {
    const { lun, blank, wipe } = await leftover(name, command);
    expect(await node.run(wipe)).toMatchObject({ result: 'changed' });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(blank);
    expect(await node.run(wipe)).toMatchObject({ result: 'unchanged' });
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });
});
