import { beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../../lib/nodes/runner';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import { type VerifyVolumeProps, verifyVolume } from '../../../lib/scripts/copy/verify-volume';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { unitName } from '../../../lib/scripts/unit/unit';
import { useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';
import { SealedVolume } from './sealed-volume';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const FOLDER = '/volume2/verified';
const APP = '/mnt/the app';
/** These texts are on the LUN once, and can be found there. */
const MARKS = {
  small: 'a mark of a small file',
  mapped: 'Pause for NUMBER seconds',
  gone: 'a mark that is unreadable',
};
const none = { files: { count: 0, names: [] }, bytes: 0 };
const one = (name: string) => ({ files: { count: 1, names: [name] }, bytes: expect.any(Number) });

let volume: SealedVolume;
const onNas = (command: string) => fixture.lab.nas.run('bash', ['-ec', `cd /pool${FOLDER}; ${command}`]);
const whole = (more: Partial<VerifyVolumeProps> = {}) => verifyVolume({ ...volume.props, readsFiles: true, ...more });
const machine = () => fixture.lab.node('node-a');

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: FOLDER, rootSquash: false });
  await nas.script('nas/awful-tree.sh', [FOLDER, '20', '60'], { timeoutSeconds: 300 });
  for (const [name, mark] of Object.entries(MARKS)) await nas.write(`${FOLDER}/${name}`, `${mark}\n`);
  // A running program maps its file, which contains texts.
  await onNas(`rm mapped; cp /bin/sleep program; chmod 755 program`);
  volume = await SealedVolume.of(fixture.lab, node, { name: 'verified', size: '96Mi', source: FOLDER });
}, 1_200_000);

describe('an unused volume', () => {
  it('is read completely, as a unit, and not written to', async () => {
    const before = await fixture.lab.nas.hashLun(volume.lun);
    const unit = new SshUnit(node, unitName('verify', volume.props.attempt), whole());
    const told: Progress[] = [];
    await unit.start();
    const report = await unit.reattach({ onProgress: (progress) => told.push(progress) });
    if (report.result === 'declined') throw new Error(report.reason);
    console.log(JSON.stringify(report.facts), told.length);
    const { sealed } = report.facts;
    expect(report.facts).toMatchObject({ mountpoint: '', manifest: volume.manifest, same: sealed, complaint: '' });
    const { damaged, unreadable, changed, added, removed } = report.facts;
    expect([damaged, unreadable, changed, added, removed]).toEqual([none, none, none, none, none]);
    expect(sealed.files).toBeGreaterThan(100);
    // `large`, at least.
    expect(report.facts.bytesRead).toBeGreaterThan(20 * 1024 ** 2);
    expect(await fixture.lab.nas.hashLun(volume.lun)).toBe(before);
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('is reported as damaged for one byte, with the file', async () => {
    const place = await volume.placeOf(MARKS.small);
    await volume.flip(place);
    expect(await volume.facts(whole())).toMatchObject({ damaged: one('small'), unreadable: none, changed: none });
    expect(await volume.facts(whole({ readsFiles: false }))).toMatchObject({ damaged: none, bytesRead: 0 });
    await volume.flip(place, MARKS.small.slice(0, 1));
    expect(await volume.facts(whole())).toMatchObject({ damaged: none });
  }, 600_000);

  it('has its unreadable files reported', async () => {
    // Its block, of 1024 bytes as in a small file system: the next block may belong to another file.
    const first = Math.floor((await volume.placeOf(MARKS.gone)) / 1024) * 2;
    const fault = await fixture.lab.nas.failReads(volume.lun, { first, count: 2 });
    const found = await node.run(whole());
    await fault.undo();
    expect(found).toMatchObject({
      facts: { damaged: none, unreadable: one('gone'), complaint: expect.stringContaining('Input/output error') },
    });
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('is declined if it is another one, and while it is in use', async () => {
    const { props } = volume;
    const declined = (code: DeclineCode) => ({ result: 'declined', code });
    const other = { ...props.attempt, attempt: 2 };
    expect(await node.run(whole({ attempt: other }))).toMatchObject(declined('other-marker'));
    const wwn = '0x6001405ffffffffffffffffffffffffff';
    expect(await node.run(whole({ target: { ...props.target, wwn } }))).toMatchObject(declined('other-lun'));
    expect(await node.run(whole({ isUsed: true }))).toMatchObject(declined('app-ended'));
    // To this node, a volume that another node has mounted was not cleanly unmounted.
    await volume.used(fixture.lab.node('node-b'), APP, async () => {
      expect(await node.run(whole())).toMatchObject(declined('unclean'));
    });
    await volume.used(machine(), APP, async () => {
      expect(await node.run(whole())).toMatchObject(declined('in-use'));
    });
    expect(await node.run(whole())).toMatchObject({ facts: { damaged: none } });
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('is declined without its list, or with another one', async () => {
    const list = `'${APP}/.lunward/manifest'`;
    const on = (command: string) =>
      volume.used(machine(), APP, async () => void (await machine().run('bash', ['-ec', command])));
    await on(`cp -a ${list} /root/manifest; echo x >>${list}`);
    expect(await node.run(whole())).toMatchObject({ code: 'other-list' });
    await on(`rm ${list}`);
    expect(await node.run(whole())).toMatchObject({
      code: 'unreadable',
      reason: expect.stringContaining('failed to open'),
    });
    await on(`cp -a /root/manifest ${list}; sed -i '/^manifest=/d' '${APP}/.lunward/marker'`);
    expect(await node.run(whole())).toMatchObject({ code: 'no-list' });
    await on(`echo manifest=${volume.manifest} >>'${APP}/.lunward/marker'`);
    expect(await volume.facts(whole())).toMatchObject({ damaged: none });
  }, 600_000);

  it('of XFS is read as well', async () => {
    const xfs = await SealedVolume.of(fixture.lab, node, { name: 'xfs', size: '320Mi', source: FOLDER, type: 'xfs' });
    const script = verifyVolume({ ...xfs.props, readsFiles: true });
    const found = await xfs.facts(script);
    expect(found).toMatchObject({ same: found.sealed, damaged: none });
    await xfs.used(machine(), APP, async (props) => {
      const used = await xfs.facts(verifyVolume({ ...props, readsFiles: true }));
      expect(used).toMatchObject({ same: found.sealed, damaged: none });
    });
    expect(await xfs.facts(script)).toMatchObject({ same: found.sealed });
    await xfs.used(fixture.lab.node('node-b'), APP, async () => {
      await fixture.lab.node('node-b').run('bash', ['-ec', `touch '${APP}/new'; sync`]);
      expect(await node.run(script)).toMatchObject({
        code: 'unclean',
      });
    });
    await expectNothingLeftOn(machine());
  }, 600_000);
});

describe('a volume in use', () => {
  it('is read from its disk through the existing mount, which stays as it is', async () => {
    const [place, mapped] = [await volume.placeOf(MARKS.small), await volume.placeOf(MARKS.mapped)];
    await volume.used(machine(), APP, async (props) => {
      const run = (command: string) => machine().run('bash', ['-ec', `cd '${APP}'; ${command}`]);
      const state = () =>
        run('cat /proc/self/mountinfo | grep "the.040app"; iscsiadm -m session; ls /run/lunward 2>&1 || true');
      const times = () => run("find . -type f ! -path './.lunward/*' -printf '%p %A@ %T@ %C@\\n' | sort");
      // So a pod's own mount exists too, and must not be the one that is read through.
      await run(`mkdir -p /mnt/pods/volume; mount --bind '${APP}' /mnt/pods/volume`);
      // Its program is read, which sets a time, before this returns.
      const running = ['--unit=app', '--collect', '--service-type=exec', `${APP}/program`, '1000'];
      await machine().run('systemd-run', running);
      await run('cat small program >/dev/null');
      const [stateBefore, timesBefore] = [await state(), await times()];
      expect(await volume.facts(whole(props))).toMatchObject({ mountpoint: APP, damaged: none, unreadable: none });
      expect(await times()).toBe(timesBefore);
      await volume.flip(place);
      await volume.flip(mapped);
      // The node still has the old bytes in its cache.
      const remembered = `cat small; grep --text --only-matching --fixed-strings '${MARKS.mapped}' program`;
      expect(await run(remembered)).toBe(`${MARKS.small}\n${MARKS.mapped}\n`);
      expect(await volume.facts(whole(props))).toMatchObject({
        mountpoint: APP,
        damaged: { files: { count: 2, names: ['program', 'small'] } },
        unreadable: none,
        changed: none,
      });
      expect(await run(remembered)).toBe(`${MARKS.small}\n${MARKS.mapped}\n`);
      expect(await state()).toBe(stateBefore);
      await volume.flip(place, MARKS.small.slice(0, 1));
      await volume.flip(mapped, MARKS.mapped.slice(0, 1));
      await machine().run('systemctl', ['stop', 'app']);
      await run('cd /; umount /mnt/pods/volume');
    });
    await expectNothingLeftOn(machine());
  }, 900_000);

  it('has its written, added and removed files reported, even if they are still in memory', async () => {
    await volume.used(machine(), APP, async (props) => {
      await machine().run('bash', [
        '-ec',
        `cd '${APP}'; echo longer >>small; touch 'many/file-0001'; rm many/file-0002 secret; mkdir new; seq 100 >new/a; ln new/a new/b`,
      ]);
      const expected = {
        changed: { files: { count: 2, names: ['many/file-0001', 'small'] } },
        added: { files: { count: 2, names: ['new/a', 'new/b'] }, bytes: 292 },
        removed: { files: { count: 2, names: ['many/file-0002', 'secret'] } },
        damaged: none,
        unreadable: none,
      };
      expect(await volume.facts(whole(props))).toMatchObject(expected);
      const quick = await volume.facts(whole({ ...props, readsFiles: false, mostNames: 1 }));
      expect(quick).toMatchObject({ added: { files: { count: 2, names: ['new/a'] } }, bytesRead: 0 });
    });
    expect(await volume.facts(whole())).toMatchObject({ changed: { files: { count: 2 } }, damaged: none });
  }, 600_000);
});
