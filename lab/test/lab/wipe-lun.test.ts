import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/executors/ssh';
import { type Attempt, formatLun, type PlannedLun } from '../../../lib/shell/format-lun';
import { probeLun } from '../../../lib/shell/probe-lun';
import { wipeLun } from '../../../lib/shell/wipe-lun';
import { onDevice, PORTAL, useLab } from './fixture';
import { SshUser } from './ssh-user';

const fixture = useLab({ runsPods: false });
const path = process.env.PATH;
let user: SshUser;

beforeAll(async () => {
  user = await SshUser.of(fixture.lab);
  process.env.PATH = user.environment.PATH;
});
afterAll(() => {
  process.env.PATH = path;
  user.remove();
});

describe('what an attempt left', () => {
  const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });

  /** A LUN with a file system of an attempt, and what somebody has done to it since. */
  async function leftover(name: string, command: string) {
    const iqn = `iqn.2000-01.com.example:${name}`;
    const lun = await fixture.lab.nas.createLun({ iqn, lun: 1, size: '16Mi' });
    const blank = await fixture.lab.nas.hashLun(lun);
    const portal = `${PORTAL}:3260`;
    const report = await node.run(probeLun({ portal, iqn }));
    const seen = report.result === 'declined' ? undefined : report.facts.luns[0];
    const plan: PlannedLun = { portal, iqn, lun: 1, bytes: seen?.bytes ?? 0, wwn: seen?.wwn ?? '' };
    const attempt: Attempt = { volume: lun.name, attempt: 1, uuid: randomUUID() };
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({ result: 'changed' });
    await onDevice(
      fixture.lab.node('node-b'),
      lun,
      `attempt='${attempt.attempt} of ${attempt.volume}, ${attempt.uuid}'\n${command}`,
    );
    return { lun, blank, wipe: wipeLun(plan, attempt, 'ext4') };
  }

  it.each<[string, string, string]>([
    ['sealed', 'mount "$1" /mnt; sed -i s/building/sealed/ /mnt/.lunward/marker; umount /mnt', 'says state "sealed"'],
    ['used', 'mount "$1" /mnt; rm -r /mnt/.lunward; echo x >/mnt/mine; umount /mnt', 'holds mine, but no marker'],
    ['foreign', 'mkfs.ext4 -q -F "$1" >&2', 'holds something: ext4'],
    ['torn', 'dd if=/dev/zero of="$1" bs=64K count=1; printf x | dd of="$1" bs=1 seek=8388611', 'is not blank: byte'],
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
