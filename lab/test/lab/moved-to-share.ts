import { beforeAll, expect, it } from 'vitest';
import { until } from '../until';
import { descriptionToNext, IQN } from './jellyfin';
import { inOrder, type JellyfinsLife, SETTINGS } from './jellyfins-life';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn } from './operator';
import { refusalsIn } from './printed-json';

const FOLDER = '/volume2/kube-nfs/v/jellyfin-config-4';
const share = `        nfs({ name: 'jellyfin-config-4', server: '192.0.2.200', path: '${FOLDER}', size: '10Gi' }),\n`;

/** An app on a LUN is moved to a share, with everything that it has written on the LUN. */
export function movedToShare(life: JellyfinsLife): void {
  const { kubectl, rows, claimOfPods } = life.seen;
  const lab = () => life.fixture.lab;
  const onNas = (file: string) => lab().nas.run('cat', [`/pool${FOLDER}/${file}`]);

  beforeAll(async () => {
    await lab().nas.exportNfs({ path: FOLDER, rootSquash: false });
    life.operator.describe(descriptionToNext().replace('      ],', `${share}      ],`));
  });

  it('is not moved into a folder that holds something', async () => {
    await lab().nas.write(`${FOLDER}/somebody's`, 'kept\n');
    const { code, stdout } = await life.lunward('plan', 'jellyfin', '--json');
    expect(code).toBe(3);
    expect(refusalsIn(stdout)).toContainEqual(
      expect.objectContaining({
        code: 'target-not-empty',
        subject: expect.stringContaining(FOLDER),
        found: expect.stringContaining("somebody's"),
      }),
    );
    expect(await onNas("somebody's")).toBe('kept\n');
    await lab().nas.run('rm', [`/pool${FOLDER}/somebody's`]);
  }, 300_000);

  it('is moved to an empty one, with all that it wrote, and settings as they were on a share', async () => {
    const told = rows().length;
    const { stdout: planned, stderr } = await life.lunward('plan', 'jellyfin');
    console.log(planned, stderr);
    const done = await life.lunward('migrate', 'jellyfin', '--approve', digestIn(planned));
    console.log(done.stdout, done.stderr);
    expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
    expect(done.stdout).toContain(`from LUN 1 of ${IQN} to 192.0.2.200:${FOLDER} (claim jellyfin-config-4)`);
    expect(done.stdout).toMatch(/no storage trouble in its log( but .*database is locked.* as is usual on a share)?\n/);
    expect(await claimOfPods()).toBe('jellyfin-config-4');
    const now = life.lastRow;
    await until('further rows', 120, async () => life.lastRow > now + 3);
    const since = rows().slice(told);
    expect(since).toEqual(inOrder(since));
    expect(await onNas('database.xml')).toBe(SETTINGS);
    expect(await onNas('.hidden file')).toBe('kept\n');
    expect(await onNas('.lunward/marker')).toContain('state=sealed\nattempt=1\nvolume=jellyfin-config-4\n');
    expect(await lab().nas.sessions()).toEqual([]);
    await expectNothingLeftOn(lab().node('node-a'));
    expect((await lab().node('node-b').tryRun('ls', ['/run/lunward'])).stdout).toBe('');
    const guard = 'jsonpath={.items[*].status.initContainerStatuses[*].state.terminated.exitCode}';
    expect(await kubectl('get', 'pods', '-o', guard)).toBe('0');
  }, 1_200_000);

  it('is verified there while it runs, and a byte that nobody wrote is found', async () => {
    const well = await life.lunward('verify', 'jellyfin');
    expect([well.code, well.stdout], well.stderr).toEqual([0, expect.stringContaining('Nothing is wrong with it.')]);
    const flip = `cd /pool${FOLDER}; touch -r '.hidden file' /root/time; printf K | dd of='.hidden file' conv=notrunc status=none; touch -r /root/time '.hidden file'`;
    await lab().nas.run('bash', ['-ec', flip]);
    const damaged = await life.lunward('verify', 'jellyfin');
    expect([damaged.code, damaged.stdout]).toEqual([1, expect.stringContaining('".hidden file"')]);
  }, 600_000);
}
