import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { type Attempt, type FileSystemType, formatLun, type PlannedLun } from '../../../lib/scripts/lun/format-lun';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { logIn, logOut, onDevice, PORTAL, useLab, useSsh } from './fixture';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const MIB = 1024 ** 2;
const portal = `${PORTAL}:3260`;
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });

/** Makes a LUN, and has another node run a command on it. */
async function lunWith(name: string, command?: string, mebibytes = 32): Promise<Lun> {
  const { lab } = fixture;
  const lun = await lab.nas.createLun({ iqn: `iqn.2000-01.com.example:${name}`, lun: 1, size: `${mebibytes}Mi` });
  if (command) await onDevice(fixture.lab.node('node-b'), lun, command);
  return lun;
}

async function planned({ iqn, lun }: Pick<Lun, 'iqn' | 'lun'>): Promise<PlannedLun> {
  const report = await node.run(probeLun({ portal, iqn, lun }));
  if (report.result === 'declined') throw new Error(report.reason);
  const seen = report.facts.luns.find((one) => one.lun === lun);
  return { portal, iqn, lun, bytes: seen?.bytes ?? 0, wwn: seen?.wwn ?? '' };
}

const attemptOf = ({ name }: Lun): Attempt => ({ volume: name, attempt: 1, uuid: randomUUID() });

/** Everything that a script may leave on a node. */
async function leftOn(name: string): Promise<unknown> {
  const machine = fixture.lab.node(name);
  const look = async (command: string) => (await machine.tryRun('bash', ['-c', command])).stdout;
  return {
    sessions: await fixture.lab.nas.sessions(),
    records: await look('find /etc/iscsi /var/lib/iscsi -type f 2>/dev/null'),
    notes: await look('ls -R /run/lunward 2>/dev/null'),
    mounts: await look('findmnt --raw --noheadings --output TARGET --types ext4,xfs,tmpfs'),
    units: await look('systemctl list-units --all --plain --no-legend "lunward*"'),
  };
}
let clean: unknown;

beforeAll(async () => {
  clean = await leftOn('node-a');
});

describe('a blank LUN', () => {
  it.each<[FileSystemType, number, string]>([
    ['ext4', 32, 'e2fsck -fn "$1" >&2; dumpe2fs -h "$1" 2>/dev/null | grep -E "UUID|Reserved block count|volume name"'],
    ['xfs', 320, 'xfs_repair -n "$1" 2>&1 >/dev/null; xfs_admin -lu "$1"'],
  ])('gets %s that is whole, with a marker, once', async (type, mebibytes, examine) => {
    const lun = await lunWith(`made-${type}`, undefined, mebibytes);
    const plan = await planned(lun);
    const attempt = attemptOf(lun);
    expect(await node.run(formatLun(plan, attempt, type))).toEqual({ result: 'changed', facts: { fileSystem: type } });
    expect(await onDevice(fixture.lab.node('node-b'), lun, examine)).toMatch(new RegExp(attempt.uuid));
    const marker = await onDevice(
      fixture.lab.node('node-b'),
      lun,
      'mount -o ro "$1" /mnt; cat /mnt/.lunward/marker; umount /mnt',
    );
    expect(marker).toBe(`state=building\nattempt=1\nvolume=${lun.name}\nuuid=${attempt.uuid}\n`);
    expect(await node.run(formatLun(plan, attempt, type))).toMatchObject({ result: 'unchanged' });
    expect(await leftOn('node-a')).toEqual(clean);
  });

  it('that is being filled is not continued by another attempt', async () => {
    const lun = await lunWith('taken');
    const plan = await planned(lun);
    const attempt = attemptOf(lun);
    await node.run(formatLun(plan, attempt, 'ext4'));
    expect(await node.run(formatLun(plan, { ...attempt, attempt: 2 }, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'other-marker',
    });
    expect(await node.run(formatLun(plan, { ...attempt, uuid: randomUUID() }, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'not-blank',
    });
  });

  it('that was used without a marker is refused, and unchanged', async () => {
    const lun = await lunWith('used');
    const plan = await planned(lun);
    const attempt = attemptOf(lun);
    await node.run(formatLun(plan, attempt, 'ext4'));
    await onDevice(
      fixture.lab.node('node-b'),
      lun,
      'mount "$1" /mnt; rm -r /mnt/.lunward; echo x >/mnt/mine; umount /mnt',
    );
    const before = await fixture.lab.nas.hashLun(lun);
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'no-marker',
      reason: expect.stringMatching(/\bmine\b/),
    });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });

  it('that is sealed is never changed again', async () => {
    const lun = await lunWith('sealed');
    const plan = await planned(lun);
    const attempt = attemptOf(lun);
    await node.run(formatLun(plan, attempt, 'ext4'));
    await onDevice(
      fixture.lab.node('node-b'),
      lun,
      'mount "$1" /mnt; sed -i s/building/sealed/ /mnt/.lunward/marker; umount /mnt',
    );
    const before = await onDevice(fixture.lab.node('node-b'), lun, 'mount -o ro "$1" /mnt; find /mnt -ls; umount /mnt');
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'other-marker',
      reason: expect.stringContaining('sealed'),
    });
    expect(await onDevice(fixture.lab.node('node-b'), lun, 'mount -o ro "$1" /mnt; find /mnt -ls; umount /mnt')).toBe(
      before,
    );
  });

  it('that is partly formatted is completed by the same attempt, and refused by another', async () => {
    const lun = await lunWith('half');
    const plan = await planned(lun);
    const attempt = attemptOf(lun);
    // The state that a killed run leaves before it has written the first blocks, which come last.
    const halfway = [
      'truncate --size 32M /tmp/image',
      `E2FSPROGS_FAKE_TIME=1000000000 mkfs.ext4 -q -F -m 0 -L ${lun.name} -U ${attempt.uuid} \\`,
      `  -E hash_seed=${attempt.uuid},lazy_itable_init=0,lazy_journal_init=0 /tmp/image`,
      'dd if=/tmp/image of="$1" bs=64K skip=1 seek=1 conv=sparse,notrunc',
      'rm /tmp/image',
    ].join('\n');
    await onDevice(fixture.lab.node('node-b'), lun, halfway);
    const before = await fixture.lab.nas.hashLun(lun);
    expect(await node.run(formatLun(plan, { ...attempt, uuid: randomUUID() }, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'not-blank',
    });
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    expect(await node.run(formatLun(plan, attempt, 'ext4'))).toMatchObject({ result: 'changed' });
    await onDevice(fixture.lab.node('node-b'), lun, 'e2fsck -fn "$1" >&2');
  });
});

/** What may be on a LUN, why it is refused then, and what the reason names. */
const STATES: readonly (readonly [
  name: string,
  command: string,
  code: DeclineCode,
  named: RegExp,
  mebibytes?: number,
])[] = [
  ['ext4', 'mkfs.ext4 -q "$1"', 'not-blank', /\bext4\b/],
  ['xfs', 'mkfs.xfs -q "$1"', 'not-blank', /\bxfs\b/, 320],
  ['btrfs', 'mkfs.btrfs -q "$1"', 'not-blank', /\bbtrfs\b/, 128],
  ['lvm', 'pvcreate -qq "$1"', 'not-blank', /\bLVM2_member\b/],
  ['gpt', 'echo type=linux | sfdisk -q --label gpt "$1"', 'partitioned', /\bsd\w+1\b/],
  ['dos', 'echo type=83 | sfdisk -q --label dos "$1"', 'partitioned', /\bsd\w+1\b/],
  ['empty-table', 'echo "label: gpt" | sfdisk -q "$1"', 'not-blank', /\bgpt\b/],
  ['swap', 'mkswap -q "$1"', 'not-blank', /\bswap\b/],
  [
    'luks',
    'echo secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$1" -',
    'not-blank',
    /\bcrypto_LUKS\b/,
  ],
  ['random', 'dd if=/dev/urandom of="$1" bs=1M count=8 oflag=direct', 'not-blank', /\bbyte \d/],
  ['middle', 'printf x | dd of="$1" bs=1 seek=16777219 conv=notrunc', 'not-blank', /\bbyte 16777219\b/],
  ['last', 'printf x | dd of="$1" bs=1 seek=33554431 conv=notrunc', 'not-blank', /\bbyte 33554431\b/],
  [
    'killed',
    'mkfs.ext4 -q -E lazy_itable_init=0 "$1"; dd if=/dev/zero of="$1" bs=64K count=1',
    'not-blank',
    /\bbyte \d/,
  ],
];
const STATES_IQN = 'iqn.2000-01.com.example:states';

describe('a LUN', () => {
  const plans = new Map<string, { readonly lun: Lun; readonly plan: PlannedLun; readonly before: string }>();

  beforeAll(async () => {
    const { nas } = fixture.lab;
    const luns: Lun[] = [];
    for (const [index, [name, , , , mebibytes = 32]] of STATES.entries()) {
      luns.push(await nas.createLun({ iqn: STATES_IQN, lun: index + 1, size: `${mebibytes}Mi`, name }));
    }
    const machine = fixture.lab.node('node-b');
    const first = await logIn(machine, STATES_IQN);
    // Derives the links of the other LUNs from the link of LUN 1.
    const script = [
      'udevadm settle',
      ...STATES.map(([, command], index) => `(set -- "\${1%-lun-*}-lun-${index + 1}"; ${command})`),
      'sync',
      'vgchange --activate n',
    ].join('\n');
    await machine.run('bash', ['-ec', script, 'bash', first], { timeoutSeconds: 240 });
    await logOut(machine, STATES_IQN);
    // Scripts use an existing session and leave it open: a login for each takes emulated machines long.
    await logIn(fixture.lab.node('node-a'), STATES_IQN);
    for (const lun of luns) plans.set(lun.name, { lun, plan: await planned(lun), before: await nas.hashLun(lun) });
  }, 600_000);

  it.each(STATES.map(([name, , code, named]) => [name, code, named] as const))(
    'with %s is refused, and unchanged',
    async (name, code, named) => {
      const { lun, plan, before } = plans.get(name) as NonNullable<ReturnType<typeof plans.get>>;
      const report = await node.run(formatLun(plan, attemptOf(lun), 'ext4'));
      expect(report).toMatchObject({ result: 'declined', code, reason: expect.stringMatching(named) });
      expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
    },
  );

  it('that is refused leaves nothing on the node, but the session that was there', async () => {
    expect(await fixture.lab.nas.sessions()).toHaveLength(1);
    await logOut(fixture.lab.node('node-a'), STATES_IQN);
    expect(await leftOn('node-a')).toEqual(clean);
  });

  it('that is not the planned one is refused', async () => {
    const lun = await lunWith('other');
    const plan = await planned(lun);
    const before = await fixture.lab.nas.hashLun(lun);
    for (const [change, code, named] of [
      [{ bytes: 128 * MIB }, 'other-size', '134217728'],
      [{ wwn: '0x6001405ffffffffffffffffffffffff' }, 'other-lun', '0x6001405ffffffffffffffffffffffff'],
      [{ lun: 7 }, 'no-lun', 'LUN 7'],
    ] as const) {
      expect(await node.run(formatLun({ ...plan, ...change }, attemptOf(lun), 'ext4'))).toMatchObject({
        result: 'declined',
        code,
        reason: expect.stringContaining(named),
      });
    }
    expect(await fixture.lab.nas.hashLun(lun)).toBe(before);
  });

  it('that can’t be read to its end is refused', async () => {
    const lun = await lunWith('unreadable');
    const plan = await planned(lun);
    const fault = await fixture.lab.nas.failReads(lun, { first: 50_000, count: 8 });
    const report = await node.run(formatLun(plan, attemptOf(lun), 'ext4'));
    await fault.undo();
    expect(report).toMatchObject({ result: 'declined', code: 'unreadable' });
  });

  it('that is mounted on the node, in any mount namespace, is refused', async () => {
    const lun = await lunWith('mounted', 'mkfs.ext4 -q "$1"');
    const machine = fixture.lab.node('node-a');
    const device = await logIn(machine, lun.iqn);
    const hold = `mount ${device} /mnt && sleep 1000`;
    await machine.run('systemd-run', ['--unit=holder', '--property=PrivateMounts=yes', 'bash', '-c', hold]);
    const isMounted = 'findmnt --task "$(systemctl show --property=MainPID --value holder)" /mnt';
    await until('the mount that one process sees', 60, async () => {
      return (await machine.tryRun('bash', ['-c', isMounted])).code === 0;
    });
    const report = await node.run(formatLun(await planned(lun), attemptOf(lun), 'ext4'));
    await machine.run('systemctl', ['stop', 'holder']);
    expect(report).toMatchObject({ result: 'declined', code: 'in-use', reason: expect.stringMatching(/\bprocess \d/) });
    await logOut(machine, lun.iqn);
  });

  it('is reached with CHAP, and not without', async () => {
    const lun = await lunWith('chap');
    const chap = { username: 'operator', password: "it's a secret 16" };
    await fixture.lab.nas.authenticate(lun.iqn, chap);
    const without = await node.run(probeLun({ portal, iqn: lun.iqn, lun: 1 }));
    expect(without).toMatchObject({ facts: { luns: [], problem: expect.stringContaining('it wants CHAP') } });
    const withIt = await node.run(probeLun({ portal, iqn: lun.iqn, lun: 1 }, chap));
    expect(withIt).toMatchObject({ facts: { problem: '', luns: [{ lun: 1, bytes: 32 * MIB }] } });
    expect(await leftOn('node-a')).toEqual(clean);
  });
});
