import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../fault';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { onDevice, PORTAL, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin } from './jellyfin';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { instancesOfApps, podsOfApps } from './somebodys-app';

const fixture = useLab({ podsOn: ['node-b'] });
/** Two people on two machines, of whom only one knows what was done from his. */
let first: Operator;
let second: Operator;
let lun: Lun;
let other: Lun;
let digest: string;

const { kubectl, rows, claimOfPods, replicas } = seenJellyfin(fixture);
const noSession = () => until('no session', 120, async () => (await fixture.lab.nas.sessions()).length === 0);

async function stateInJournal(): Promise<string> {
  const journal = await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}');
  return JSON.parse(journal).volumes['jellyfin-config-2'].at(-1).state;
}

/** The app goes on with every row that it had: a database that has lost some tells of their numbers again. */
async function expectRowsGoOn(): Promise<void> {
  const told = rows().length;
  await until('further rows', 120, () => rows().length > told + 3);
  expect(instancesOfApps(fixture.lab)).toHaveLength(1);
  expect(rows()).toHaveLength(new Set(rows()).size);
}

/** It runs where it ran, and nothing of the try is left on nodes and NAS but a copy that is not sealed. */
async function expectAsBefore(): Promise<void> {
  expect([await replicas(), await claimOfPods()]).toEqual(['1', 'jellyfin-config']);
  await expectRowsGoOn();
  expect(await stateInJournal()).toBe('prepared');
  await noSession();
  await expectNothingLeftOn(fixture.lab.node('node-a'));
  const policies = await fixture.lab.kubectl(['get', 'validatingadmissionpolicy', '-o', 'name']);
  expect(policies).not.toContain('lunward');
}

/** Ends the command that is at work at the app, as its machine's loss of power does. */
async function killFirst(): Promise<void> {
  const holder = await kubectl('get', 'lease', 'lunward-jellyfin', '-o', 'jsonpath={.spec.holderIdentity}');
  process.kill(Number(/process (\d+)/.exec(holder)?.[1]), 'SIGKILL');
}

/** Begins to move it, and is killed once the app is down. */
async function killedOnceDown(): Promise<void> {
  const ended = await first.meanwhile('jellyfin is down', killFirst, 'migrate', 'jellyfin', '--approve', digest);
  expect(ended.code, ended.stderr).toBe('SIGKILL');
  expect([await replicas(), await claimOfPods()]).toEqual(['0', '']);
}

/** To node-b alone the NAS gives out another LUN under the same number, as a mistaken mapping of hosts does. */
async function mapWrongLunForNodeB(): Promise<Fault> {
  const { nas } = fixture.lab;
  const onTarget = (command: string) =>
    nas.run('bash', [
      '-ec',
      `cd /sys/kernel/config/target/iscsi/${IQN}/tpgt_1; own=acls/iqn.1993-08.org.debian:01:node-b/lun_1; ${command}`,
    ]);
  await nas.allow(
    IQN,
    ['a', 'b'].map((node) => `iqn.1993-08.org.debian:01:node-${node}`),
  );
  await onTarget(
    `find $own -maxdepth 1 -type l -delete; rmdir $own; mkdir lun/lun_9 $own
    ln -s /sys/kernel/config/target/core/iblock_0/${other.name} lun/lun_9/; ln -s $PWD/lun/lun_9 $own/`,
  );
  return {
    undo: async () => {
      await onTarget('find $own lun/lun_9 -maxdepth 1 -type l -delete; rmdir $own lun/lun_9');
      await nas.allow(IQN, []);
    },
  };
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  first = await Operator.of(fixture.lab, description());
  second = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  other = await nas.createLun({ iqn: `${IQN}-other`, lun: 1, size: '128Mi' });
  await nas.formatLun(other, 'ext4');
  await runJellyfin(fixture.lab);
  digest = digestIn((await first.lunward('plan', 'jellyfin')).stdout);
  const { code, stderr } = await first.lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
  expect([code, stderr]).toEqual([0, '']);
}, 1_200_000);
afterAll(() => {
  first?.remove();
  second?.remove();
});

describe('an app whose move somebody meddles with', () => {
  it('is not stopped where one node is given another LUN since it was prepared', async () => {
    const before = [await fixture.lab.nas.hashLun(other), await podsOfApps(fixture.lab)];
    const fault = await mapWrongLunForNodeB();
    const { code, stdout, stderr } = await first.lunward('migrate', 'jellyfin', '--approve', digest);
    await fault.undo();
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([1, expect.stringContaining('Refused; nothing was changed')]);
    expect(stdout).toMatch(/refused: node-b sees another disk than node-a as LUN 1: 0x6001405\S+ of \d+ bytes, not /);
    expect([await fixture.lab.nas.hashLun(other), await podsOfApps(fixture.lab)]).toEqual(before);
    await expectAsBefore();
  }, 600_000);

  it('is not stopped where a node without its pod has the folder mounted', async () => {
    const before = await podsOfApps(fixture.lab);
    const node = fixture.lab.node('node-a');
    await node.run('mount', ['-t', 'nfs', '-o', 'nfsvers=4.2,ro', `${PORTAL}:${PATH}`, '/srv']);
    const { code, stdout, stderr } = await first.lunward('migrate', 'jellyfin', '--approve', digest);
    await node.run('umount', ['/srv']);
    console.log(stdout, stderr);
    expect(code, stdout).toBe(1);
    expect(stderr).toContain(
      `${PORTAL}:${PATH} would be in use still once the app is stopped: node-a has ${PORTAL}:${PATH} mounted at /srv: unmount it there, or end what holds it\nRefused: jellyfin was not stopped, and runs on as before`,
    );
    expect(await podsOfApps(fixture.lab)).toBe(before);
    await expectAsBefore();
  }, 600_000);

  it('goes on where it was, where something on the NAS itself writes there meanwhile', async () => {
    const { nas } = fixture.lab;
    const writes = `while touch /pool${PATH}/touched; do sleep 0.1; done`;
    const begin = () => nas.run('systemd-run', ['--unit=writer', 'bash', '-c', writes]);
    const ended = await first.meanwhile('stops jellyfin', begin, 'migrate', 'jellyfin', '--approve', digest);
    await nas.run('systemctl', ['stop', 'writer']);
    console.log(ended.stdout, ended.stderr);
    expect(ended.code, ended.stdout).toBe(1);
    expect(ended.stderr).toMatch(
      /jellyfin could not be moved: the last copy on node-a declined: the source changed while the app was down: "touched"\. Somebody else writes to .*It runs on its old volume again, nothing of it was written to or lost/s,
    );
    await expectAsBefore();
  }, 600_000);

  it('is taken back by a second person from another machine, where the first was killed', async () => {
    await killedOnceDown();
    const { code, stdout, stderr } = await second.lunward('rollback', 'jellyfin');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on jellyfin-config again.');
    await expectAsBefore();
  }, 600_000);

  it('is brought to its end by a second person from another machine, where the first was killed', async () => {
    await killedOnceDown();
    const told = rows().length;
    const { code, stdout, stderr } = await second.lunward('migrate', 'jellyfin', '--until', 'stop');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin is DOWN, and its new volumes are sealed.');
    expect([await stateInJournal(), await replicas(), rows().length]).toEqual(['sealed', '0', told]);
  }, 600_000);

  it('is not started on another LUN than was sealed, and is left down where that is asked for', async () => {
    const { nas } = fixture.lab;
    const told = rows().length;
    const onOther = (command: string) =>
      onDevice(fixture.lab.node('node-a'), other, `mount -o ro "$1" /mnt; (cd /mnt; ${command}); umount /mnt`);
    const fault = await nas.mapWrongLun(lun, other);
    const { code, stdout, stderr } = await first.lunward('migrate', 'jellyfin', '--on-unhealthy', 'stop');
    await noSession();
    await fault.undo();
    console.log(stdout, stderr);
    expect(code, stdout).toBe(1);
    expect(stderr).toMatch(
      /jellyfin is not well on its new volumes: the guard of pod jellyfin-\S+ ended it: lunward keeps the app from this volume: it has no marker of lunward, so it is empty or another one\. .*It was stopped, as asked for\. "lunward migrate jellyfin" starts it there again, "lunward rollback jellyfin" takes it back/s,
    );
    expect([await replicas(), rows().length]).toEqual(['0', told]);
    expect(await onOther('find . -mindepth 1')).toBe('./lost+found\n');
  }, 600_000);

  it('is started once its own LUN is back, with all that it had', async () => {
    const { code, stdout, stderr } = await second.lunward('migrate', 'jellyfin');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on its new volume.');
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    await expectRowsGoOn();
  }, 600_000);
});
