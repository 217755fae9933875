import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import type { CopyProps } from '../../../lib/scripts/copy/copy';
import { finalCopy } from '../../../lib/scripts/copy/final-copy';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { probeSource } from '../../../lib/scripts/copy/probe-source';
import { scanSource } from '../../../lib/scripts/copy/scan-source';
import type { LunSource } from '../../../lib/scripts/copy/source';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { formatLun, type PlannedLun } from '../../../lib/scripts/lun/format-lun';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import { markFolder } from '../../../lib/scripts/nfs/mark-folder';
import { readTexts } from '../../../lib/scripts/node/read-texts';
import type { Script } from '../../../lib/scripts/script';
import { unitName } from '../../../lib/scripts/unit/unit';
import type { Lun } from '../../nas/nas';
import { UUID } from './building-volumes';
import { useLab, useSsh } from './fixture';
import { devicePath, iqnOf, logIn, logOut, PORTAL } from './log-in';
import { expectNothingLeftOn } from './nothing-left';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const IQN = iqnOf('moved-on');
const portal = `${PORTAL}:3260`;
const attempt = { volume: 'config-3', attempt: 1, uuid: UUID };
/** The kubelet's mounts: for the node, and for a pod. */
const GLOBAL = '/var/lib/kubelet/plugins/kubernetes.io/iscsi/config-2';
const POD = '/var/lib/kubelet/pods/1234/volumes/kubernetes.io~iscsi/config-2';

let old: Lun;
let source: LunSource;
let target: PlannedLun;
const machine = () => fixture.lab.node('node-a');
const shell = (command: string) => machine().run('bash', ['-ec', command], { timeoutSeconds: 120 });
const props = (isUsed: boolean): CopyProps => ({
  source: { ...source, isUsed },
  target,
  attempt,
  fileSystem: 'ext4',
});
async function facts<Facts>(script: Script<Facts>): Promise<Facts> {
  const report = await node.run(script);
  if (report.result === 'declined') throw new Error(report.reason);
  return report.facts;
}
const declined = async (script: Script<unknown>, code: DeclineCode, named = /./) =>
  expect(await node.run(script)).toMatchObject({ result: 'declined', code, reason: expect.stringMatching(named) });
const startApp = async () => {
  const device = await logIn(machine(), IQN);
  await shell(`mkdir -p ${GLOBAL} ${POD}; mount -o noatime ${device} ${GLOBAL}; mount --bind ${GLOBAL} ${POD}`);
};
const endApp = async () => {
  await shell(`umount ${POD}; umount ${GLOBAL}`);
  await logOut(machine(), IQN);
};

// Both LUNs are of one target: a node has one session for them. The file of holes makes the tree so large that hashes vouch for it
// (see bash/vouch.sh), and takes no room.
beforeAll(async () => {
  const { nas } = fixture.lab;
  old = await nas.createLun({ iqn: IQN, lun: 1, size: '64Mi' });
  await nas.formatLun(old, 'ext4');
  await nas.createLun({ iqn: IQN, lun: 2, size: '96Mi' });
  const seen = async (lun: number) => {
    const { luns } = await facts(probeLun({ portal, iqn: IQN, lun }));
    // No other one is scanned.
    expect(luns.map((one) => one.lun)).toEqual([lun]);
    const { bytes = 0, wwn = '', uuid = '' } = luns[0] ?? {};
    return { disk: { portal, iqn: IQN, lun, bytes, wwn }, uuid };
  };
  target = (await seen(2)).disk;
  source = { ...(await seen(1)), volume: 'config-2', attempt: 3, isUsed: true };
  const { uuid } = source;
  await facts(formatLun(target, attempt, 'ext4'));
  await startApp();
  await shell(
    `cd ${GLOBAL}; mkdir .lunward data
    printf 'state=sealed\\nattempt=3\\nvolume=config-2\\nuuid=${uuid}\\n' >.lunward/marker
    head --bytes=8M /dev/urandom >data/large; truncate --size=64M data/holes; for n in {1..40}; do echo $n >data/$n; done; ln data/1 data/one
    echo old >settings; touch -d 2001-01-01 settings; chown -R 1000:1000 data; setfattr -n user.x -v y data/2
    command -v sqlite3 >/dev/null && sqlite3 data/app.db 'CREATE TABLE t (v); INSERT INTO t VALUES (1);'; sync`,
  );
  // Files changed within two seconds before the last change are not trusted.
  await sleep(3000);
  await shell(`touch ${GLOBAL}/last`);
}, 1_200_000);

describe('a LUN that an app uses', () => {
  it('is inspected on the app’s node, through the existing mount', async () => {
    const found = await facts(probeSource(source, { texts: ['settings'] }));
    expect(found).toMatchObject({ version: 'ext4', xattrs: true, linkSets: 1, unreadable: { count: 0 } });
    expect(Buffer.from(found.texts[0]?.base64 ?? '', 'base64').toString()).toBe('old\n');
    await declined(probeSource({ ...source, isUsed: false }), 'in-use', /mounted/);
    await declined(probeSource({ ...source, attempt: 2 }), 'other-marker', /attempt "3".*"2"/);
    await declined(probeSource({ ...source, uuid: UUID }), 'other-file-system', new RegExp(UUID));
    const other = { ...source, disk: { ...source.disk, wwn: 'another' } };
    await declined(probeSource(other), 'other-lun', /\banother\b/);
    expect(await shell(`findmnt --noheadings --output OPTIONS ${GLOBAL}`)).toMatch(/^rw/);
  }, 600_000);

  it('is copied and hashed there while the app writes', async () => {
    await facts(warmCopy(props(true)));
    const hashed = await facts(hashTrees(props(true)));
    expect(hashed).toMatchObject({ untrusted: 1, missing: 0, outdated: 0, differing: { count: 0 } });
    expect(hashed.trusted).toBeGreaterThan(40);
    await shell(`echo written >${POD}/data/40`);
    expect(await machine().tryRun('ls', ['/run/lunward'])).toMatchObject({ stdout: '' });
  }, 600_000);

  it('is released as soon as the app ends, without delaying it', async () => {
    const unit = new SshUnit(
      node,
      unitName('copy', attempt),
      warmCopy({ ...props(true), little: -1, mostPasses: 10000 }),
    );
    // Each pass copies something, so the copy always has more to do.
    const writer = shell(
      `for n in {1..600}; do head --bytes=2M /dev/urandom >${GLOBAL}/data/busy; [[ ! -e /tmp/enough ]] || exit 0; sleep 0.2; done`,
    );
    await unit.start();
    await sleep(5000);
    await shell('touch /tmp/enough');
    await writer;
    await shell(`rm /tmp/enough; umount ${POD}`);
    const report = await unit.reattach();
    expect(report).toMatchObject({ result: expect.stringMatching(/declined|changed/) });
    if (report.result === 'declined') expect(report.code).toBe('app-ended');
    await shell(`rm ${GLOBAL}/data/busy; umount ${GLOBAL}`);
    await logOut(machine(), IQN);
    await expectNothingLeftOn(machine());
  }, 600_000);
});

describe('an unused LUN', () => {
  it('is read through a session of the script, and not written to', async () => {
    await declined(scanSource(source), 'app-ended');
    const before = await fixture.lab.nas.hashLun(old);
    const { scan } = await facts(scanSource({ ...source, isUsed: false }));
    expect((await facts(readTexts({ ...source, isUsed: false }, ['settings']))).texts).toHaveLength(1);
    const report = await node.run(finalCopy({ ...props(false), patches: [] }));
    expect(report, JSON.stringify(report)).toMatchObject({ result: 'changed', facts: { scan } });
    if (report.result === 'declined') return;
    // What was hashed while the app ran still holds, except for what it has written since.
    expect(report.facts.vouched.bytes).toBeGreaterThan(8 * 1024 ** 2);
    expect(report.facts.bytesRead.source).toBeLessThan(4 * 1024 ** 2);
    expect(await fixture.lab.nas.hashLun(old)).toBe(before);
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('is reached with CHAP, and not without', async () => {
    const chap = { username: 'operator', password: "it's a secret 16" };
    await fixture.lab.nas.authenticate(IQN, chap);
    const unused = { ...source, isUsed: false };
    await declined(scanSource(unused), 'no-session', /CHAP/);
    const { scan } = await facts(scanSource({ ...unused, chap }));
    await fixture.lab.nas.authenticate(IQN);
    expect(await facts(scanSource(unused))).toMatchObject({ scan });
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('has everything on the other one', async () => {
    const one = await logIn(machine(), IQN);
    const two = devicePath({ iqn: IQN, lun: 2 });
    await shell(`mkdir -p /mnt/1 /mnt/2; mount -o ro ${one} /mnt/1; mount -o ro ${two} /mnt/2`);
    for (const what of ['entries', 'contents', 'xattrs', 'acls']) {
      const scan = (folder: string) => machine().script('machines/scan-tree.sh', [what, folder]);
      expect(await scan('/mnt/2'), what).toBe(await scan('/mnt/1'));
    }
    expect(await shell('cat /mnt/2/data/40')).toBe('written\n');
    await shell('umount /mnt/1 /mnt/2');
    await logOut(machine(), IQN);
  }, 600_000);

  it('is not copied to a share that does not take its access lists', async () => {
    const share = { server: PORTAL, path: '/volume2/no-access-lists' };
    await fixture.lab.nas.exportNfs({ path: share.path, rootSquash: false });
    const device = await logIn(machine(), IQN);
    await shell(`mount ${device} /mnt; setfacl -m u:4711:r /mnt/data/3; umount /mnt`);
    await logOut(machine(), IQN);
    await facts(markFolder(share, attempt));
    const copy = { ...props(false), target: share, fileSystem: 'nfs' as const };
    await declined(warmCopy(copy), 'not-copied', /data\/3.* Operation not supported/s);
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('is not read if its file system’s journal must be replayed', async () => {
    await startApp();
    // The way a power loss of its node leaves it.
    await shell(`echo later >${GLOBAL}/data/late; sync`);
    await shell(`dd if=${devicePath({ iqn: IQN, lun: 1 })} of=/root/dirty.img bs=1M iflag=direct`);
    await endApp();
    const again = await logIn(machine(), IQN);
    await shell(`dd if=/root/dirty.img of=${again} bs=1M oflag=direct conv=fsync`);
    await logOut(machine(), IQN);
    await declined(scanSource({ ...source, isUsed: false }), 'unclean');
    await expectNothingLeftOn(machine());
  }, 600_000);
});
