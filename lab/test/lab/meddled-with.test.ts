import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../fault';
import { until } from '../until';
import { onDevice, useLab } from './fixture';
import { holdContainers } from './held-pods';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { digestIn, Operator } from './operator';
import { errorIn } from './printed-json';
import { podsOfApps } from './somebodys-app';
import { TroubledMove } from './troubled-move';

const fixture = useLab({ podsOn: ['node-b'] });
const move = new TroubledMove(fixture);
const { kubectl, rows, rowsGoOn, claimOfPods, replicas } = move.seen;
/** Keeps the containers of the app from ending. */
let held: Fault | undefined;

/** How often pods were made for the app, whether they are still there or not. */
function podsEverMade(): Promise<string> {
  const counts = 'jsonpath={range .items[*]}{.metadata.name} {.count}{"\\n"}{end}';
  return kubectl('get', 'events', '--field-selector', 'reason=SuccessfulCreate', '-o', counts);
}

/** The NAS shows another LUN under the same number to node-b alone, as after a mistake in the host mapping. */
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
    ln -s /sys/kernel/config/target/core/iblock_0/${move.other.name} lun/lun_9/; ln -s $PWD/lun/lun_9 $own/`,
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
  move.first = await Operator.of(fixture.lab, description());
  move.second = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  move.lun = await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  move.other = await nas.createLun({ iqn: `${IQN}-other`, lun: 1, size: SIZE });
  await nas.formatLun(move.other, 'ext4');
  await runJellyfin(fixture.lab);
  move.digest = digestIn((await move.first.lunward('plan', 'jellyfin')).stdout);
  const { code, stderr } = await move.first.lunward(
    'migrate',
    'jellyfin',
    '--until',
    'prepare',
    '--approve',
    move.digest,
  );
  expect([code, stderr]).toEqual([0, '']);
}, 1_200_000);
afterAll(() => {
  move.first?.remove();
  move.second?.remove();
});

describe('an app whose move is disturbed', () => {
  it('is not stopped if one node sees another LUN since it was prepared', async () => {
    const before = [await fixture.lab.nas.hashLun(move.other), await podsOfApps(fixture.lab)];
    const fault = await mapWrongLunForNodeB();
    const approved = ['jellyfin', '--approve', move.digest];
    const { code, stdout, stderr } = await move.first.lunward('migrate', ...approved, '--json');
    await fault.undo();
    console.log(stdout, stderr);
    expect(code, `${stdout}${stderr}`).toBe(3);
    const { code: why, advice } = errorIn(stdout);
    expect(why).toBe('plan-refused');
    const disks = expect.stringMatching(/\bnode-a\b.*\bLUN 1\b.*\b0x6001405\S+ .*\b0x6001405/);
    expect(advice).toContainEqual(expect.objectContaining({ code: 'lun-differs', subject: 'node-b', found: disks }));
    expect([await fixture.lab.nas.hashLun(move.other), await podsOfApps(fixture.lab)]).toEqual(before);
    await move.expectAsBefore();
  }, 600_000);

  it('is started again on its source if the NAS shows another LUN after the stop, which is not written to', async () => {
    const { nas } = fixture.lab;
    const before = await nas.hashLun(move.other);
    const swapped = { undo: async () => {} };
    const held = await move.holdPods();
    const swap = async () => {
      Object.assign(swapped, await nas.mapWrongLun(move.lun, move.other));
      await held.undo();
    };
    const stderr = await move.fails('stops jellyfin', swap).finally(() => held.undo());
    expect(stderr).toMatch(/jellyfin could not be moved: the last copy on node-a declined: .*\b0x6001405/);
    expect(stderr).toContain('It runs on its old volume again, nothing of it was written to or lost');
    expect(await nas.hashLun(move.other)).toBe(before);
    await swapped.undo();
    await move.expectAsBefore();
  }, 900_000);
});

describe('an app whose move was killed', () => {
  it('is completed by a second person on another machine', async () => {
    await move.killedOnceDown();
    const told = rows().length;
    const { code, stdout, stderr } = await move.second.lunward('migrate', 'jellyfin', '--until', 'stop');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin is DOWN, and its new volumes are sealed.');
    expect([await move.stateInJournal(), await replicas(), rows().length]).toEqual(['sealed', '0', told]);
  }, 600_000);

  it('is not started on another LUN than the sealed one, and is left down on request', async () => {
    const { nas } = fixture.lab;
    const told = rows().length;
    const onOther = (command: string) =>
      onDevice(fixture.lab.node('node-a'), move.other, `mount -o ro "$1" /mnt; (cd /mnt; ${command}); umount /mnt`);
    const fault = await nas.mapWrongLun(move.lun, move.other);
    const { code, stdout, stderr } = await move.first.lunward('migrate', 'jellyfin', '--on-unhealthy', 'stop');
    await move.noSession();
    await fault.undo();
    console.log(stdout, stderr);
    expect(code, stdout).toBe(1);
    expect(stderr).toMatch(
      /the guard of pod jellyfin-\S+ ended it: .* no marker of lunward.*It was stopped, as requested\. .*"lunward migrate jellyfin" .*"lunward rollback jellyfin"/s,
    );
    expect([await replicas(), rows().length]).toEqual(['0', told]);
    expect(await onOther('find . -mindepth 1')).toBe('./lost+found\n');
  }, 600_000);

  it('gets no second pod while one that a killed run started does not end, though somebody scaled it to zero', async () => {
    const node = fixture.lab.node('node-b');
    // The run that starts the app can't end: it waits for a pod, which nobody starts.
    const kubelet = await node.kill('kubelet');
    const started = move.second.begin(['migrate', 'jellyfin']);
    await started.during(kubectl('wait', 'deployment/jellyfin', '--for=jsonpath={.spec.replicas}=1', '--timeout=600s'));
    started.kill();
    expect((await started.ended).code).toBe('SIGKILL');
    await kubelet.undo();
    await kubectl('rollout', 'status', 'deployment/jellyfin', '--timeout=240s');
    await rowsGoOn();
    const before = [await podsOfApps(fixture.lab), await podsEverMade()];
    const pod = await kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}');
    held = await holdContainers(node);
    await kubectl('scale', 'deployment/jellyfin', '--replicas=0');
    await kubectl('wait', 'pods', '--all', '--for=jsonpath={.metadata.deletionTimestamp}', '--timeout=60s');
    const { code, stdout, stderr } = await move.first.lunward('migrate', 'jellyfin', '--json');
    console.log(stdout, stderr);
    expect([code, errorIn(stdout).code]).toEqual([1, 'storage-in-use']);
    expect(errorIn(stdout).message).toContain(`${pod} on node-b`);
    expect([await podsOfApps(fixture.lab), await podsEverMade()]).toEqual(before);
    expect([await replicas(), await claimOfPods()]).toEqual(['0', 'jellyfin-config-2']);
    expect((await move.seen.journal()).cutover.phase).toBe('switched');
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn)).toEqual([IQN]);
    // The one pod writes on.
    await rowsGoOn();
  }, 900_000);

  it('is started once that one has ended, with all its data', async () => {
    await held?.undo();
    await until('no pod', 240, claimOfPods, (found) => found === '');
    await move.noSession();
    const { code, stdout, stderr } = await move.second.lunward('migrate', 'jellyfin');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on its new volume.');
    expect([await replicas(), await claimOfPods()]).toEqual(['1', 'jellyfin-config-2']);
    expect((await move.seen.journal()).cutover).toBeUndefined();
    await rowsGoOn();
  }, 600_000);
});
