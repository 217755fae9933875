import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatLun, type PlannedLun } from '../../../lib/shell/format-lun';
import { probeLun } from '../../../lib/shell/probe-lun';
import { probeSource } from '../../../lib/shell/probe-source';
import type { Script } from '../../../lib/shell/script';
import { sealVolume } from '../../../lib/shell/seal-volume';
import { warmCopy } from '../../../lib/shell/warm-copy';
import type { LabMachine } from '../../machine';
import { logIn, logOut, PORTAL, useLab } from './fixture';

const fixture = useLab({ podsOn: [] });
const portal = `${PORTAL}:3260`;
const iqn = 'iqn.2000-01.com.example:killed';
const attempt = { volume: 'killed', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
const FOLDER = '/volume2/killed';
/** How many places of each script are tried; with `all`, each of them. */
const PLACES = process.env.LUNWARD_KILL_PLACES ?? '6';

let machine: LabMachine;
let lun: PlannedLun;
let device: string;

/** The commands of a script, which is run to its end for that. */
async function commandsOf(script: Script<unknown>): Promise<string[]> {
  await machine.write('/root/script', script.text, '600');
  return (await machine.script('machines/killed.sh', ['trace', '/root/script'], { timeoutSeconds: 300 }))
    .trimEnd()
    .split('\n');
}

/** Places that are always tried, and others that every commit chooses anew. */
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
 * Ends a script before its n-th command and runs it again, for every n that is chosen.
 *
 * @param reset a command of a shell that makes the machine what it was before
 */
async function expectRecovered(script: Script<unknown>, reset: string, always = /^$/): Promise<void> {
  const clean = await machine.script('machines/killed.sh', ['left', '-']);
  await machine.run('bash', ['-ec', reset]);
  const commands = await commandsOf(script);
  expect(commands.length).toBeGreaterThan(30);
  for (const place of places(script.name, commands, always)) {
    const said = await machine.script('machines/killed.sh', ['try', '/root/script', reset, String(place)], {
      timeoutSeconds: 300,
    });
    const [ended = '', report = '', left] = said.split('\n');
    const where = `${script.name}, ${place} of ${commands.length}: ${commands[place - 1]}`;
    // The last commands are behind the report, and a run of another order may have fewer of them.
    expect(ended, where).toMatch(/^\d+ (137|0)$/);
    expect(report, where).toMatch(/^\{"result":"(un)?changed"/);
    expect(`${left}\n`, where).toBe(clean);
  }
}

beforeAll(async () => {
  machine = fixture.lab.node('node-a');
  const { nas } = fixture.lab;
  await nas.createLun({ iqn, lun: 1, size: '16Mi' });
  await nas.exportNfs({ path: FOLDER, rootSquash: false });
  await nas.run('bash', ['-ec', `cd /pool${FOLDER}; mkdir folder; seq 9999 >folder/notes; ln folder/notes linked`]);
  // Scripts use a session that is there, which saves a login each time.
  device = await logIn(machine, iqn);
  const wwn = (await machine.run('lsblk', ['--nodeps', '--noheadings', '--output', 'WWN', device])).trim();
  lun = { portal, iqn, lun: 1, bytes: 16 * 1024 ** 2, wwn };
});

describe('a script that is killed before any command is finished by the next run', () => {
  const blank = () => `blkdiscard --force --zeroout ${device}; wipefs --all --quiet ${device}`;
  const marked = (state: string) =>
    `mount ${device} /mnt; sed --in-place s/^state=.*/state=${state}/ /mnt/.lunward/marker; umount /mnt`;

  it('format-lun', async () => {
    await expectRecovered(formatLun(lun, attempt, 'ext4'), blank(), /^(make_image|dd if="\$image"|mv --force)/);
    await machine.run('e2fsck', ['-fn', device]);
  }, 3_600_000);

  it('probe-source', async () => {
    await expectRecovered(probeSource({ server: PORTAL, path: FOLDER }), 'true');
  }, 3_600_000);

  it('warm-copy', async () => {
    const script = warmCopy({ source: { server: PORTAL, path: FOLDER }, target: lun, attempt, fileSystem: 'ext4' });
    await expectRecovered(script, 'true', /^(wait "\$!"|sync --file-system)/);
    await machine.run('mount', ['-o', 'ro', device, '/mnt']);
    const copied = await machine.run('bash', ['-ec', 'cd /mnt; sha256sum folder/notes; stat --format %h linked']);
    await machine.run('umount', ['/mnt']);
    expect(copied).toBe(
      await fixture.lab.nas.run('bash', ['-ec', `cd /pool${FOLDER}; sha256sum folder/notes; stat --format %h linked`]),
    );
  }, 3_600_000);

  it('seal-volume', async () => {
    await expectRecovered(sealVolume(lun, attempt, 'ext4'), marked('building'), /^mv --force/);
  }, 3_600_000);

  it('probe-lun, which logs in and out', async () => {
    await logOut(machine, iqn);
    await expectRecovered(probeLun({ portal, iqn }), 'true', /--login|--logout/);
  }, 3_600_000);
});
