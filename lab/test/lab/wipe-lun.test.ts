import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { type Attempt, formatLun } from '../../../lib/scripts/lun/format-lun';
import { wipeLun } from '../../../lib/scripts/lun/wipe-lun';
import type { LabMachine } from '../../machine';
import type { Lun } from '../../nas/nas';
import { logIn, logOut, PORTAL, useLab, useSsh } from './fixture';
import { devicePath } from './log-in';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const IQN = 'iqn.2000-01.com.example:left';

/** What is not wiped: how it came about, why, and what the reason names. */
const KEPT: readonly (readonly [name: string, command: string, code: DeclineCode, named: RegExp])[] = [
  [
    'sealed',
    'mount "$1" /mnt; sed -i s/building/sealed/ /mnt/.lunward/marker; umount /mnt',
    'other-marker',
    /\bsealed\b/,
  ],
  ['used', 'mount "$1" /mnt; rm -r /mnt/.lunward; echo x >/mnt/mine; umount /mnt', 'no-marker', /\bmine\b/],
  ['foreign', 'mkfs.ext4 -q -F "$1" >&2', 'not-blank', /\bext4\b/],
  ['torn', 'dd if=/dev/zero of="$1" bs=64K count=1; printf x | dd of="$1" bs=1 seek=8388611', 'not-blank', /\bbyte \d/],
];
const WIPED: readonly (readonly [name: string, command: string])[] = [
  ['whole', 'true'],
  ['unmarked', 'mount "$1" /mnt; rm -r /mnt/.lunward; umount /mnt'],
  // The state that a killed wipe leaves.
  [
    'zeroed-in-part',
    'echo "lunward wipes attempt $attempt" | dd of="$1" bs=512 count=1 conv=sync; dd if=/dev/zero of="$1" bs=4K seek=1 count=4000',
  ],
];
const NAMES = [...KEPT, ...WIPED].map(([name]) => name);

// Scripts use existing sessions and leave them open: a login for each takes emulated machines long.
const machines = (): [LabMachine, LabMachine] => [fixture.lab.node('node-a'), fixture.lab.node('node-b')];

beforeAll(async () => {
  const { lab } = fixture;
  for (const [index, name] of NAMES.entries()) {
    await lab.nas.createLun({ iqn: IQN, lun: index + 1, size: '16Mi', name });
  }
  for (const machine of machines()) await logIn(machine, IQN, NAMES.length);
});
afterAll(async () => {
  for (const machine of machines()) await logOut(machine, IQN);
});

describe('what an attempt left', () => {
  /** A LUN with a file system of an attempt, and what was done to it since. */
  async function leftover(name: string, command: string) {
    const lun: Lun = { iqn: IQN, lun: NAMES.indexOf(name) + 1, name };
    const device = devicePath(lun);
    const [machine, other] = machines();
    const blank = await fixture.lab.nas.hashLun(lun);
    const wwn = (await machine.run('lsblk', ['--nodeps', '--noheadings', '--output', 'WWN', device])).trim();
    const plan = { portal: `${PORTAL}:3260`, iqn: IQN, lun: lun.lun, bytes: 16 * 1024 ** 2, wwn };
    const attempt: Attempt = { volume: name, attempt: 1, uuid: randomUUID() };
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({ result: 'changed' });
    const flush = 'sync; blockdev --flushbufs "$1"';
    const script = `attempt='${attempt.attempt} of ${attempt.volume}, ${attempt.uuid}'\n${flush}\n${command}\n${flush}`;
    await other.run('bash', ['-ec', script, 'bash', device]);
    // As a new login would find it.
    await machine.run('blockdev', ['--flushbufs', device]);
    return { lun, blank, wipe: wipeLun(plan, attempt, 'ext4') };
  }

  it.each(KEPT)('is not wiped if it is %s', async (name, command, code, named) => {
    const { lun, wipe } = await leftover(name, command);
    const before = await fixture.lab.nas.hashLun(lun);
    expect(await node.run(wipe)).toMatchObject({ result: 'declined', code, reason: expect.stringMatching(named) });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });

  it.each(WIPED)('is wiped once if it is %s', async (name, command) => {
    const { lun, blank, wipe } = await leftover(name, command);
    expect(await node.run(wipe)).toMatchObject({ result: 'changed' });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(blank);
    expect(await node.run(wipe)).toMatchObject({ result: 'unchanged' });
    expect(await fixture.lab.nas.sessions()).toHaveLength(machines().length);
  });
});
