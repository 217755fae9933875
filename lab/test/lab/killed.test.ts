import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { finalCopy } from '../../../lib/scripts/copy/final-copy';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { probeSource } from '../../../lib/scripts/copy/probe-source';
import { scanSource } from '../../../lib/scripts/copy/scan-source';
import { sealVolume } from '../../../lib/scripts/copy/seal-volume';
import { verifyVolume } from '../../../lib/scripts/copy/verify-volume';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import { checkFileSystem } from '../../../lib/scripts/lun/check-file-system';
import { endSession } from '../../../lib/scripts/lun/end-session';
import { formatLun, type PlannedLun } from '../../../lib/scripts/lun/format-lun';
import { growVolume } from '../../../lib/scripts/lun/grow-volume';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import { probeVolume } from '../../../lib/scripts/lun/probe-volume';
import { releaseLun } from '../../../lib/scripts/lun/release-lun';
import { superblockErrors } from '../../../lib/scripts/lun/superblock-errors';
import { wipeLun } from '../../../lib/scripts/lun/wipe-lun';
import { markFolder } from '../../../lib/scripts/nfs/mark-folder';
import { probeFolder } from '../../../lib/scripts/nfs/probe-folder';
import { releaseFolder } from '../../../lib/scripts/nfs/release-folder';
import { discoverIscsi } from '../../../lib/scripts/node/discover-iscsi';
import { readTexts } from '../../../lib/scripts/node/read-texts';
import type { Script } from '../../../lib/scripts/script';
import { cancelUnit, startUnit, unitName } from '../../../lib/scripts/unit/unit';
import { sha256 } from '../../../test/scripts/hashed-trees';
import type { LabMachine } from '../../machine';
import { logIn, logOut, PORTAL, useLab } from './fixture';
import { devicePath } from './log-in';

const fixture = useLab({ podsOn: [] });
const portal = `${PORTAL}:3260`;
const iqn = 'iqn.2000-01.com.example:killed';
const attempt = { volume: 'killed', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
const FOLDER = '/volume2/killed';
/** The folder that data is moved to. */
const share = { server: PORTAL, path: '/volume2/killed-share' };
/** How many places of each script are tried, besides those that always are; with `all`, every place. */
const PLACES = process.env.LUNWARD_KILL_PLACES ?? '1';

/** Scripts that open nothing and change nothing themselves. */
const HARMLESS = [
  'ask-http',
  'confirm-machine',
  'guard',
  'mounted-errors',
  'node-facts',
  'pod-mounts',
  'read-unit',
  'require-done',
  'source-users',
];
/** Scripts that tests without machines cover, in test/shell. */
const SHOWN_ELSEWHERE = ['prepare-node'];

let machine: LabMachine;
let lun: PlannedLun;
/** A LUN of the same target, that data is moved from. */
let old: PlannedLun;
let oldUuid: string;
let device: string;
const tried = new Set<string>();

/** The commands of a script, found by running it to its end. */
async function commandsOf(script: Script<unknown>): Promise<string[]> {
  await machine.write('/root/script', script.text, '600');
  return (await machine.script('machines/killed.sh', ['trace', '/root/script'], { timeoutSeconds: 300 }))
    .trimEnd()
    .split('\n');
}

/** Places that are always tried, and others that each commit chooses anew. */
function places(name: string, commands: readonly string[], always: RegExp): number[] {
  const numbers = commands.map((_, index) => index + 1);
  if (PLACES === 'all') return numbers;
  const wanted = numbers.filter((number) => always.test(commands[number - 1] ?? ''));
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', cwd: __dirname });
  const rank = (number: number) => createHash('sha256').update(`${commit}${name}${number}`).digest('hex');
  const others = numbers.filter((number) => !wanted.includes(number)).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return [...wanted, ...others.slice(0, Number(PLACES))];
}

/**
 * Ends a script before its n-th command and runs it again, for every chosen n.
 *
 * @param reset a shell command that restores the machine's earlier state
 * @param options.always places that every commit tries
 * @param options.leaves whether the script should leave something: what an undisturbed run leaves
 */
async function expectRecovered(
  script: Script<unknown>,
  reset: string,
  { always = /^$/, leaves = false }: { readonly always?: RegExp; readonly leaves?: boolean } = {},
): Promise<void> {
  tried.add(script.name);
  const left = () => machine.script('machines/killed.sh', ['left', '-']);
  const before = await left();
  await machine.run('bash', ['-ec', reset]);
  const commands = await commandsOf(script);
  const clean = leaves ? await left() : before;
  expect(commands.length).toBeGreaterThan(30);
  for (const place of places(script.name, commands, always)) {
    const said = await machine.script('machines/killed.sh', ['try', '/root/script', reset, String(place)], {
      timeoutSeconds: 300,
    });
    const [ended = '', report = '', then] = said.split('\n');
    const where = `${script.name}, ${place} of ${commands.length}: ${commands[place - 1]}`;
    // The last commands come after the report, and a run in another order may have fewer of them.
    expect(ended, where).toMatch(/^\d+ (137|0)$/);
    expect(report, where).toMatch(/^\{"result":"(un)?changed"/);
    expect(`${then}\n`, where).toBe(clean);
  }
}

beforeAll(async () => {
  machine = fixture.lab.node('node-a');
  const { nas } = fixture.lab;
  await nas.createLun({ iqn, lun: 1, size: '16Mi' });
  await nas.formatLun(await nas.createLun({ iqn, lun: 2, size: '8Mi' }), 'ext4');
  await nas.exportNfs({ path: FOLDER, rootSquash: false });
  await nas.exportNfs({ path: share.path, rootSquash: false });
  await nas.run('bash', [
    '-ec',
    `cd /pool${FOLDER}; mkdir folder; seq 9999 >folder/notes; ln folder/notes linked
    echo old >settings; sqlite3 db 'CREATE TABLE t (v)'`,
  ]);
  // Scripts use an existing session, which saves a login each time.
  device = await logIn(machine, iqn);
  const told = (column: string, of: string) =>
    machine.run('lsblk', ['--nodeps', '--noheadings', '--output', column, of]).then((said) => said.trim());
  lun = { portal, iqn, lun: 1, bytes: 16 * 1024 ** 2, wwn: await told('WWN', device) };
  const second = devicePath({ iqn, lun: 2 });
  old = { portal, iqn, lun: 2, bytes: 8 * 1024 ** 2, wwn: await told('WWN', second) };
  oldUuid = await told('UUID', second);
  // The same files as in the folder: a copy from a source that has lost them is declined.
  const copied = `mkdir /mnt/there; mount -t nfs -o nfsvers=4.2,ro ${PORTAL}:${FOLDER} /mnt/there; cp --archive /mnt/there/. /mnt/old`;
  await machine.run('bash', [
    '-ec',
    `mkdir /mnt/old; mount ${second} /mnt/old; ${copied}; umount /mnt/there /mnt/old; rmdir /mnt/there /mnt/old`,
  ]);
});

describe('a script that is killed before any command is completed by the next run', () => {
  const blank = () => `blkdiscard --force --zeroout ${device}; wipefs --all --quiet ${device}`;
  const unit = unitName('copy', attempt);
  const ended = `systemctl stop ${unit} 2>/dev/null || true; rm --recursive --force /run/lunward`;
  const marked = (state: string) =>
    `mount ${device} /mnt; sed --in-place 's/^state=.*/state=${state}/; s/^attempt=.*/attempt=${attempt.attempt}/' /mnt/.lunward/marker; umount /mnt`;

  it('format-lun', async () => {
    await expectRecovered(formatLun(lun, attempt, 'ext4'), blank(), {
      always: /^(make_image|dd if="\$image"|mv --force)/,
    });
    await machine.run('e2fsck', ['-fn', device]);
  }, 3_600_000);

  it('probe-source', async () => {
    await expectRecovered(probeSource({ server: PORTAL, path: FOLDER }), 'true');
  }, 3_600_000);

  it('warm-copy', async () => {
    const script = warmCopy({ source: { server: PORTAL, path: FOLDER }, target: lun, attempt, fileSystem: 'ext4' });
    await expectRecovered(script, 'true', { always: /^(wait "\$!"|sync --file-system)/ });
    await machine.run('mount', ['-o', 'ro', device, '/mnt']);
    const copied = await machine.run('bash', ['-ec', 'cd /mnt; sha256sum folder/notes; stat --format %h linked']);
    await machine.run('umount', ['/mnt']);
    expect(copied).toBe(
      await fixture.lab.nas.run('bash', ['-ec', `cd /pool${FOLDER}; sha256sum folder/notes; stat --format %h linked`]),
    );
  }, 3_600_000);

  it('hash-trees', async () => {
    const script = hashTrees({ source: { server: PORTAL, path: FOLDER }, target: lun, attempt, fileSystem: 'ext4' });
    await expectRecovered(script, 'true', { always: /^(write_manifest|mv --force)/ });
  }, 3_600_000);

  it('scan-source', async () => {
    await expectRecovered(scanSource({ server: PORTAL, path: FOLDER }), 'true');
  }, 3_600_000);

  it('read-texts', async () => {
    await expectRecovered(readTexts({ server: PORTAL, path: FOLDER }, ['settings']), 'true');
  }, 3_600_000);

  it('final-copy', async () => {
    const patches = [{ path: 'settings', sha256: sha256('old\n'), text: 'new\n' }];
    const source = { server: PORTAL, path: FOLDER };
    const script = finalCopy({ source, target: lun, attempt, fileSystem: 'ext4', patches });
    await expectRecovered(script, marked('building'), { always: /^mv --force/ });
    await machine.run('mount', ['-o', 'ro', device, '/mnt']);
    const sealed = 'cat .lunward/marker settings; ls -A .lunward; sha256sum folder/notes db; stat --format %h linked';
    const copied = await machine.run('bash', ['-ec', `cd /mnt; ${sealed}`]);
    await machine.run('umount', ['/mnt']);
    expect(copied).toMatch(/^state=sealed\n.*\nmanifest=[0-9a-f]{64}\nnew\nfacts\nmanifest\nmarker\n/s);
    const there = await fixture.lab.nas.run('bash', [
      '-ec',
      `cd /pool${FOLDER}; sha256sum folder/notes db; stat --format %h linked`,
    ]);
    expect(copied.endsWith(there), copied).toBe(true);
    await machine.run('bash', ['-ec', marked('building')]);
  }, 3_600_000);

  it('final-copy, from a LUN that nobody uses, beside the other of its target', async () => {
    const source = { disk: old, uuid: oldUuid, volume: 'old', isUsed: false };
    const script = finalCopy({ source, target: lun, attempt, fileSystem: 'ext4', patches: [] });
    await expectRecovered(script, marked('building'), { always: /mount_unwritten/ });
    await machine.run('bash', ['-ec', marked('building')]);
  }, 3_600_000);

  it('warm-copy, from a LUN that is in use', async () => {
    const disk = devicePath({ iqn, lun: 2 });
    const source = { disk: old, uuid: oldUuid, volume: 'old', isUsed: true };
    const folder = '/mnt/pods/old';
    await machine.run('bash', [
      '-ec',
      `mkdir -p /mnt/old ${folder}; mount ${disk} /mnt/old; mount --bind /mnt/old ${folder}`,
    ]);
    const script = warmCopy({ source, target: lun, attempt, fileSystem: 'ext4' });
    await expectRecovered(script, 'true', { always: /^mount --options remount/ });
    await machine.run('bash', ['-ec', `umount ${folder} /mnt/old; rm -r /mnt/pods /mnt/old`]);
  }, 3_600_000);

  it('verify-volume', async () => {
    await machine.run('bash', ['-ec', marked('sealed')]);
    const volume = { target: lun, attempt, readsFiles: true };
    await expectRecovered(verifyVolume({ ...volume, isUsed: false }), 'true');
    await machine.run('mount', [device, '/mnt']);
    await expectRecovered(verifyVolume({ ...volume, isUsed: true }), 'true', { always: /^mount --options remount/ });
    await machine.run('umount', ['/mnt']);
  }, 3_600_000);

  it('grow-volume', async () => {
    const volume = { target: lun, attempt, wantedBytes: lun.bytes, mostBytes: lun.bytes };
    const small = `! mountpoint --quiet /mnt || umount /mnt; e2fsck -fp ${device} >&2 || (($? == 1)); resize2fs ${device} 12M >&2`;
    await expectRecovered(growVolume({ ...volume, isUsed: false }), small, { always: /^grow/ });
    await machine.run('bash', ['-ec', `${small}; mount ${device} /mnt`]);
    await expectRecovered(growVolume({ ...volume, isUsed: true }), `${small}; mount ${device} /mnt`, {
      always: /^grow/,
    });
    await machine.run('umount', ['/mnt']);
    const superblock = await machine.run('bash', ['-ec', `e2fsck -fn ${device} >&2; dumpe2fs -h ${device} 2>&1`]);
    expect(superblock).toMatch(/^Block count: +16384$/m);
    await machine.run('bash', ['-ec', marked('building')]);
  }, 3_600_000);

  it('probe-volume', async () => {
    await expectRecovered(probeVolume(lun, 'ext4'), 'true');
  }, 3_600_000);

  it('release-lun', async () => {
    await expectRecovered(releaseLun(lun, attempt), 'true');
  }, 3_600_000);

  it('wipe-lun', async () => {
    const kept = '/root/kept.img';
    await machine.run('dd', [`if=${device}`, `of=${kept}`, 'bs=1M', 'iflag=direct']);
    const reset = `dd if=${kept} of=${device} bs=1M oflag=direct conv=fsync status=none; udevadm settle`;
    await expectRecovered(wipeLun(lun, attempt, 'ext4'), reset, { always: /^(write_wiping|zero )/ });
    expect(await machine.run('cmp', ['--bytes', String(lun.bytes), device, '/dev/zero'])).toBe('');
    await machine.run('bash', ['-ec', reset]);
  }, 3_600_000);

  it('start-unit', async () => {
    const script = { name: 'long', text: 'sleep 10000\n', hash: 'long', facts: z.unknown() };
    await expectRecovered(startUnit(unit, script), ended, { always: /^systemd-run/, leaves: true });
    await machine.run('bash', ['-ec', ended]);
  }, 3_600_000);

  it('cancel-unit', async () => {
    const begun = `${ended}; mkdir /run/lunward /run/lunward/${unit}; systemd-run --quiet --collect --unit=${unit} sleep 10000`;
    await expectRecovered(cancelUnit(unit), begun, { always: /^systemctl stop/ });
  }, 3_600_000);

  it('seal-volume', async () => {
    await expectRecovered(sealVolume(lun, attempt, 'ext4'), marked('building'), { always: /^mv --force/ });
  }, 3_600_000);

  it('seal-volume, of what was sealed before', async () => {
    const next = { ...attempt, attempt: attempt.attempt + 1 };
    const again = sealVolume(lun, next, 'ext4', undefined, { attempt: attempt.attempt });
    await expectRecovered(again, marked('sealed'), { always: /^mv --force/ });
  }, 3_600_000);

  it('probe-lun, which logs in and out', async () => {
    await logOut(machine, iqn);
    await expectRecovered(probeLun({ portal, iqn, lun: lun.lun }), 'true', { always: /--login|--logout/ });
  }, 3_600_000);

  it('superblock-errors, which logs in and out', async () => {
    await expectRecovered(superblockErrors({ portal, iqn, lun: 2 }), 'true', { always: /--login|--logout/ });
  }, 3_600_000);

  it('check-file-system', async () => {
    const disk = devicePath({ iqn, lun: 2 });
    const login = `iscsiadm -m node -T ${iqn} -p ${portal} --login >&2 || (($? == 15)); udevadm settle`;
    const reset = `${login}; debugfs -w -R 'ssv error_count 3' ${disk} >&2`;
    await logIn(machine, iqn);
    await expectRecovered(checkFileSystem({ portal, iqn, lun: 2, wwn: old.wwn, uuid: oldUuid }), reset, {
      always: /^e2fsck/,
    });
    expect(await machine.run('bash', ['-ec', `dumpe2fs -h ${disk} 2>/dev/null`])).not.toContain('FS Error count');
  }, 3_600_000);

  it('discover-iscsi', async () => {
    await expectRecovered(discoverIscsi(portal), 'true');
  }, 3_600_000);

  it('end-session', async () => {
    const alone = { iqn: `${iqn}-alone`, lun: 1 };
    await fixture.lab.nas.createLun({ ...alone, size: '8Mi' });
    const login = `iscsiadm -m node -T ${alone.iqn} -p ${portal} -o new >&2; iscsiadm -m node -T ${alone.iqn} -p ${portal} --login >&2 || (($? == 15)); udevadm settle`;
    await expectRecovered(endSession(alone), login, { always: /--logout|delete|^portal_of/ });
  }, 3_600_000);

  describe('in a folder', () => {
    const onShare = (command: string) =>
      `mount -t nfs -o nfsvers=4.2 ${PORTAL}:${share.path} /mnt; (cd /mnt; ${command}); umount /mnt`;

    it('mark-folder', async () => {
      const empty = onShare('find . -mindepth 1 -delete');
      await expectRecovered(markFolder(share, attempt), empty, { always: /^(write_marker|mv --force|ln )/ });
    }, 3_600_000);

    it('final-copy', async () => {
      const patches = [{ path: 'settings', sha256: sha256('old\n'), text: 'new\n' }];
      const script = finalCopy({
        source: { server: PORTAL, path: FOLDER },
        target: share,
        attempt,
        fileSystem: 'nfs',
        patches,
      });
      const building = onShare("sed --in-place 's/^state=.*/state=building/' .lunward/marker");
      // The seal alone: each other draft is the same on a LUN.
      await expectRecovered(script, building, { always: /^finish_draft "\$folder\/marker"/ });
      const sums = 'sha256sum folder/notes db; stat --format %h linked';
      const [copied, there] = await Promise.all(
        [share.path, FOLDER].map((path) => fixture.lab.nas.run('bash', ['-ec', `cd /pool${path}; ${sums}`])),
      );
      expect(copied).toBe(there);
      const marker = await fixture.lab.nas.run('cat', [`/pool${share.path}/.lunward/marker`]);
      expect(marker).toMatch(/^state=sealed\n.*\nmanifest=[0-9a-f]{64}\n$/s);
      expect(await fixture.lab.nas.run('cat', [`/pool${share.path}/settings`])).toBe('new\n');
      await expectRecovered(verifyVolume({ target: share, attempt, isUsed: false, readsFiles: true }), 'true');
      await machine.run('bash', ['-ec', building]);
    }, 3_600_000);

    it('probe-folder and release-folder', async () => {
      await expectRecovered(probeFolder(share), 'true');
      await expectRecovered(releaseFolder(share, attempt), 'true');
    }, 3_600_000);
  });

  it('and no other script is there', () => {
    const files = readdirSync(join(__dirname, '../../../lib/scripts'), { recursive: true, encoding: 'utf8' });
    const scripts = files
      .filter((file) => !file.startsWith('bash/'))
      .flatMap((file) => /([^/]+)\.sh$/.exec(file)?.[1] ?? []);
    expect([...tried, ...HARMLESS, ...SHOWN_ELSEWHERE].sort()).toEqual(scripts.sort());
  });
});
