import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { checkFileSystem } from '../../../lib/scripts/lun/check-file-system';
import { mountedErrors } from '../../../lib/scripts/lun/mounted-errors';
import { until } from '../until';
import { UUID } from './building-volumes';
import { onDevice, useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';
import { SealedVolume } from './sealed-volume';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const FOLDER = '/volume2/checked';
const APP = '/mnt/app';
const machine = () => fixture.lab.node('node-a');
const on = (command: string) => machine().run('bash', ['-ec', command]);
let volume: SealedVolume;

const check = () => {
  const { portal, iqn, lun, wwn } = volume.props.target;
  return node.run(checkFileSystem({ portal, iqn, lun, wwn, uuid: UUID }));
};
const onLun = (command: string) => onDevice(machine(), volume.lun, command);
/** Whether the log holds what is not on its place yet. */
const logState = () => onLun(`xfs_logprint -t "$1" | grep --only-matching '<[A-Z]*>'`);

beforeAll(async () => {
  await fixture.lab.nas.exportNfs({ path: FOLDER, rootSquash: false });
  await fixture.lab.nas.write(`${FOLDER}/file`, 'kept\n');
  volume = await SealedVolume.of(fixture.lab, node, { name: 'checked', size: '320Mi', source: FOLDER, type: 'xfs' });
}, 600_000);

describe('an XFS', () => {
  it('that the kernel stopped, because its target was away, gets its log replayed', async () => {
    await volume.used(machine(), APP, async ({ target: { iqn, lun } }) => {
      await on(`for time in /sys/class/iscsi_session/session*/recovery_tmo; do echo 5 >"$time"; done
        echo new >${APP}/new; sync ${APP}/new`);
      const cut = await fixture.lab.cutLink('node-a');
      // The disk fails 5 s after the session was lost.
      await until(
        'a stopped file system',
        240,
        () => machine().tryRun('bash', ['-c', `echo lost >${APP}/lost && sync`]),
        ({ code }) => code !== 0,
      );
      await cut.undo();
      const states = () => on('cat /sys/class/iscsi_session/session*/state');
      await until('the session', 120, states, (found) => found.trim() === 'LOGGED_IN');
      const errors = await node.run(mountedErrors({ iqn, lun }));
      expect(errors).toMatchObject({ facts: { mounted: [{ type: 'xfs', diskState: 'running', disk: '' }] } });
      expect(errors).toMatchObject({ facts: { mounted: [{ look: expect.stringMatching(/./) }] } });
    });
    expect(await logState()).toBe('<DIRTY>\n');
    expect(await check()).toMatchObject({ result: 'unchanged', facts: { type: 'xfs' } });
    expect(await logState()).toBe('<CLEAN>\n');
    await volume.used(machine(), APP, async () => expect(await on(`cat ${APP}/file ${APP}/new`)).toBe('kept\nnew\n'));
    await expectNothingLeftOn(machine());
  }, 900_000);

  it('with an error is left to xfs_repair and a person, and is as before once that has run', async () => {
    await onLun(`free=$(xfs_db -r -c 'agf 0' -c 'print freeblks' "$1" | sed 's/.*= //')
      xfs_db -x -c 'agf 0' -c "write freeblks $((free - 1))" "$1"`);
    for (const _ of ['once', 'again']) {
      expect(await check()).toMatchObject({ result: 'declined', reason: expect.stringContaining('xfs_repair DISK') });
    }
    await expectNothingLeftOn(machine());
    await onLun('xfs_repair "$1"');
    expect(await check()).toMatchObject({ result: 'unchanged', facts: { type: 'xfs' } });
    await volume.used(machine(), APP, async () => expect(await on(`cat ${APP}/file ${APP}/new`)).toBe('kept\nnew\n'));
  }, 600_000);
});
