import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { endSession } from '../../../lib/scripts/lun/end-session';
import { sourceUsers } from '../../../lib/scripts/node/source-users';
import { until } from '../until';
import { logIn, PORTAL, useLab, useSsh } from './fixture';
import { iqnOf } from './log-in';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const FOLDER = '/volume2/state';
const SMALL = '/volume2/small';

async function mountsOf(path: string, server: string) {
  const report = await node.run(sourceUsers({ server, path }));
  if (report.result === 'declined') throw new Error(report.reason);
  return report.facts.mounts;
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  for (const path of [FOLDER, SMALL]) await nas.exportNfs({ path, rootSquash: false });
  await nas.run('mkdir', ['-p', `/pool${FOLDER}/state`]);
});

describe('a user of a source', () => {
  it('is found in every namespace, under any name, in a folder above or below', async () => {
    const machine = fixture.lab.node('node-a');
    const users = async (path: string, server = PORTAL) =>
      (await mountsOf(path, server)).filter(({ process }) => process === 0 || process === pid);
    let pid = 0;
    expect(await users(FOLDER)).toEqual([]);
    await machine.run('bash', [
      '-ec',
      'echo 192.0.2.200 nas.example.com >>/etc/hosts; mkdir -p "/mnt/the app" /mnt/bound',
    ]);
    await machine.run('mount', ['-t', 'nfs', '-o', 'nfsvers=4.2', `nas.example.com:${FOLDER}`, '/mnt/the app']);
    await machine.run('mount', ['--bind', '/mnt/the app/state', '/mnt/bound']);
    const hidden = `mount -t nfs -o nfsvers=3,nolock ${PORTAL}:${SMALL} /srv; exec sleep 10000`;
    await machine.run('systemd-run', ['--unit=hidden', '--property=PrivateMounts=yes', 'bash', '-ec', hidden]);
    pid = Number(await machine.run('systemctl', ['show', '--property=MainPID', '--value', 'hidden']));
    const app = { source: `nas.example.com:${FOLDER}`, mountpoint: '/mnt/the app', process: 0 };
    const bound = { source: `nas.example.com:${FOLDER}/state`, mountpoint: '/mnt/bound', process: 0 };
    await until('the mount that only one process sees', 60, async () => (await users(SMALL)).length > 0);
    expect(await users(FOLDER)).toEqual(expect.arrayContaining([app, bound]));
    expect(await users(`${FOLDER}/other`, 'nas.example.com')).toContainEqual(app);
    expect(await users(`${FOLDER}/other`)).not.toContainEqual(bound);
    expect(await users(`${FOLDER}-2`)).toEqual([]);
    expect(await users(FOLDER, '192.0.2.99')).toEqual([]);
    expect(await users('/volume2')).toContainEqual(bound);
    expect(await users(`${SMALL}/state`, 'nas.example.com')).toEqual([
      { source: `${PORTAL}:${SMALL}`, mountpoint: '/srv', process: pid },
    ]);
    expect(await node.run(sourceUsers({ server: 'no.such.example.com', path: FOLDER }))).toMatchObject({
      result: 'declined',
    });
    await machine.run('systemctl', ['stop', 'hidden']);
    await machine.run('umount', ['/mnt/bound', '/mnt/the app']);
  }, 900_000);
});

describe('a session that a kubelet has left', () => {
  const lun = { iqn: iqnOf('left'), lun: 1 };
  const end = () => node.run(endSession(lun));
  const sessions = async () => (await fixture.lab.nas.sessions()).length;
  let device: string;

  beforeAll(async () => {
    const { nas } = fixture.lab;
    await nas.formatLun(await nas.createLun({ ...lun, size: '16Mi' }), 'ext4');
    device = await logIn(fixture.lab.node('node-a'), lun.iqn);
  }, 300_000);

  it.each([
    ['has it mounted', 'mount "$1" /mnt', /\/mnt\b/, 'umount /mnt'],
    [
      'has it mounted where nobody else sees it',
      'systemd-run --unit=hidden --property=PrivateMounts=yes bash -ec "mount $1 /mnt; exec sleep 10000"; until findmnt --task "$(systemctl show --property=MainPID --value hidden)" /mnt; do sleep 0.2; done',
      /\bprocess \d+/,
      'systemctl stop hidden',
    ],
    [
      'has it open',
      'systemd-run --unit=opener bash -ec "exec 3<$1; exec sleep 10000"; until ls -l "/proc/$(systemctl show --property=MainPID --value opener)/fd/3"; do sleep 0.2; done',
      /\bprocess \d+.*\bopen\b/,
      'systemctl stop opener',
    ],
  ])(
    'stays if something %s',
    async (_, use, named, undo) => {
      const machine = fixture.lab.node('node-a');
      await machine.run('bash', ['-ec', use, 'bash', device]);
      expect(await end()).toMatchObject({
        result: 'declined',
        code: 'in-use',
        reason: expect.stringMatching(named),
      });
      expect(await sessions()).toBe(1);
      await machine.run('bash', ['-ec', undo]);
    },
    300_000,
  );

  it('is ended once if unused, with its record', async () => {
    expect(await end()).toMatchObject({ result: 'changed' });
    expect(await sessions()).toBe(0);
    expect((await fixture.lab.node('node-a').tryRun('iscsiadm', ['-m', 'node'])).stdout).not.toContain(lun.iqn);
    expect(await end()).toMatchObject({ result: 'unchanged' });
  }, 300_000);

  it('stays if its target shows another LUN too', async () => {
    await fixture.lab.nas.createLun({ ...lun, lun: 2, size: '16Mi' });
    await logIn(fixture.lab.node('node-a'), lun.iqn, 2);
    expect(await end()).toMatchObject({
      result: 'declined',
      code: 'other-luns',
      reason: expect.stringContaining('LUN 2'),
    });
    expect(await sessions()).toBe(1);
  }, 300_000);
});
