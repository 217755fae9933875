import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { Adopter } from './adopter';
import { logIn, logOut, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { nfsWriters } from './nfs-writers';
import { digestIn, Operator } from './operator';
import { instancesOfApps, lastRowOf, podsOfApps } from './somebodys-app';

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
let adopter: Adopter;
let lun: Lun;
let blank: string;

const lunward = (command: string, ...args: readonly string[]) => operator.lunward(command, ...args);
const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
const states = async () =>
  (await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}')).match(
    /(?<="state": ")\w+/g,
  );
const lastRow = () => lastRowOf(fixture.lab, 'jellyfin');
const instances = () => instancesOfApps(fixture.lab);
const pods = () => podsOfApps(fixture.lab);

/** Everything of Lunward's that may be left on a node. */
async function leftOn(name: string): Promise<unknown> {
  const look = async (command: string) => (await fixture.lab.node(name).tryRun('bash', ['-c', command])).stdout;
  return {
    sessions: await look('iscsiadm -m session 2>/dev/null'),
    records: await look('find /etc/iscsi/nodes -type f 2>/dev/null'),
    notes: await look('ls -R /run/lunward 2>/dev/null'),
    // The app's own mount comes and goes by itself.
    mounts: await look('findmnt --raw --noheadings --output TARGET | grep -v kubelet | sort'),
    units: await look('systemctl list-units --all --plain --no-legend "lunward*"'),
  };
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.write(`${PATH}/.hidden file`, 'kept\n');
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  blank = await nas.hashLun(lun);
  await runJellyfin(fixture.lab);
  adopter = await Adopter.of(fixture, description());
}, 1_200_000);
afterAll(() => {
  operator?.remove();
  adopter?.remove();
});

describe('a running app', () => {
  let digest: string;

  it('is adopted as it runs', async () => {
    const before = [await pods(), instances()];
    await adopter.adopt('jellyfin');
    expect([await pods(), instances()]).toEqual(before);
  });

  it('has a plan that does not change while it writes', async () => {
    const { code, stdout, stderr } = await lunward('plan', 'jellyfin');
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('SQLite databases');
    expect(await lunward('abort', 'jellyfin')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('jellyfin: nothing is under way'),
    });
    digest = digestIn(stdout);
    const row = lastRow();
    await until('further rows', 60, async () => lastRow() > row);
    expect((await lunward('plan', 'jellyfin')).stdout).toContain(digest);
  });

  it('is prepared for a move without being affected, whoever applies it meanwhile', async () => {
    const left = [await leftOn('node-a'), await leftOn('node-b')];
    const before = { pods: await pods(), row: lastRow(), instances: instances() };
    const endAudit = await fixture.lab.nas.auditNfs();
    const migrated = lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    const applied = await adopter.upUntil(migrated, 'jellyfin');
    const { code, stdout, stderr } = await migrated;
    const calls = await endAudit();
    for (const printed of applied) expect(printed).toMatch(/Resources:\s+7 unchanged/);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(nfsWriters(calls)).toEqual(['192.0.2.211']);
    expect(calls).toContainEqual(expect.objectContaining({ address: '192.0.2.210', operation: 'OP_READ' }));
    expect(stdout).toContain('format on node-a: changed\n');
    expect(stdout).toContain('copy on node-a: changed\n');
    expect(stdout).toContain('hash on node-a: changed\n');
    expect(await pods()).toBe(before.pods);
    expect(instances()).toEqual(before.instances);
    await until('further rows', 60, async () => lastRow() > before.row);
    expect([await leftOn('node-a'), await leftOn('node-b')]).toEqual(left);
    expect(await states()).toEqual(['intent', 'building', 'prepared']);
  }, 600_000);

  it('has its data on the new volume, with a marker', async () => {
    const machine = fixture.lab.node('node-b');
    const device = await logIn(machine, IQN);
    await machine.run('mount', ['-o', 'ro', device, '/mnt']);
    const onLun = await machine.run('bash', [
      '-c',
      'cd /mnt; find . -path ./lost+found -prune -o -path ./.lunward -prune -o -print | sort',
    ]);
    const marker = await machine.run('cat', ['/mnt/.lunward/marker']);
    const content = await machine.run('cat', ['/mnt/.hidden file']);
    await machine.run('umount', ['/mnt']);
    await logOut(machine, IQN);
    expect(marker).toContain('state=building\nattempt=1\nvolume=jellyfin-config-2\n');
    expect(content).toBe('kept\n');
    const onNas = await fixture.lab.nas.run('bash', ['-c', `cd ${PATH}; find . -print | sort`]);
    const settled = (list: string) => list.split('\n').filter((name) => !/-(wal|shm|journal)$/.test(name));
    expect(settled(onLun)).toEqual(settled(onNas));
  });

  it('is brought up to date by the same command', async () => {
    await fixture.lab.nas.write(`${PATH}/later`, 'new\n');
    const { code, stdout } = await lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    expect(code).toBe(0);
    expect(stdout).toContain('format on node-a: unchanged\n');
    expect(stdout).toContain('copy on node-a: changed\n');
  }, 600_000);
});

it('a prepared move is given up during a copy, and its LUN is wiped', async () => {
  const unit = 'lunward-copy-jellyfin-config-2-1';
  const prepared = await fixture.lab.nas.hashLun(lun);
  // As if the copy were still running.
  await fixture.lab.node('node-a').run('systemd-run', [`--unit=${unit}`, 'sleep', '10000']);
  const shown = await lunward('abort', 'jellyfin');
  expect((await fixture.lab.node('node-a').tryRun('systemctl', ['is-active', unit])).code).toBe(0);
  expect((await lunward('abort', 'jellyfin', '--approve', digestIn(shown.stdout))).code).toBe(0);
  expect((await fixture.lab.node('node-a').tryRun('systemctl', ['is-active', unit])).code).not.toBe(0);
  expect(await fixture.lab.nas.hashLun(lun)).toBe(prepared);
  const wiping = await lunward('wipe', 'jellyfin');
  expect(await fixture.lab.nas.hashLun(lun)).toBe(prepared);
  expect((await lunward('wipe', 'jellyfin', '--approve', digestIn(wiping.stdout))).code).toBe(0);
  expect(await fixture.lab.nas.hashLun(lun)).toBe(blank);
  expect((await states())?.slice(-3)).toEqual(['abandoned', 'wiping', 'wiped']);
}, 600_000);
