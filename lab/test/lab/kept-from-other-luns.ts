import { beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../fault';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { onDevice } from './fixture';
import { IQN, SIZE } from './jellyfin';
import type { JellyfinsLife } from './jellyfins-life';

/** A moved app starts on no LUN but its own, and no other LUN is written to. */
export function keptFromOtherLuns(life: JellyfinsLife): void {
  const { kubectl, rows } = life.seen;
  const lab = () => life.fixture.lab;
  let other: Lun;
  const status = (path: string) => kubectl('get', 'pods', '-o', `jsonpath={.items[*].status.${path}}`);
  const onOther = (script: string) => onDevice(lab().node('node-a'), other, script);

  async function scaledTo(replicas: 0 | 1): Promise<void> {
    await kubectl('scale', 'deployment', 'jellyfin', `--replicas=${replicas}`);
    if (replicas === 1) return;
    await until('no pod', 120, async () => (await kubectl('get', 'pods', '-o', 'name')) === '');
    // A kubelet that could not mount a LUN stays logged in to it, and one that is about to mount it still logs in.
    await until('no session', 120, async () => {
      await lab().node('node-b').tryRun('iscsiadm', ['-m', 'node', '-T', IQN, '--logout']);
      return (await lab().nas.sessions()).length === 0;
    });
  }

  /** Lets the app try to start while something is wrong, until that has failed. */
  async function tries(breakIt: () => Promise<Fault>, hasFailed: () => Promise<boolean>): Promise<void> {
    await scaledTo(0);
    const told = rows().length;
    const fault = await breakIt();
    await scaledTo(1);
    await until('a start that failed', 240, hasFailed);
    expect(await status('containerStatuses[*].state.running')).toBe('');
    expect(rows()).toHaveLength(told);
    await scaledTo(0);
    await fault.undo();
  }

  const triesOnOther = (hasFailed: () => Promise<boolean>) =>
    tries(() => lab().nas.mapWrongLun(life.lun, other), hasFailed);

  const isNotMounted = async () =>
    (await kubectl('get', 'events', '-o', 'jsonpath={.items[*].message}')).includes('executable file not found');

  beforeAll(async () => {
    other = await lab().nas.createLun({ iqn: `${IQN}-other`, lun: 1, size: SIZE });
  });

  it.each([
    ['blank', 'true'],
    ['not readable as a file system', 'dd if=/dev/urandom of="$1" bs=1M count=8 oflag=direct status=none'],
  ])(
    'on a LUN that is %s: nothing is written to it',
    async (_, fill) => {
      await onOther(fill);
      await kubectl('delete', 'events', '--all');
      const before = await lab().nas.hashLun(other);
      await triesOnOther(isNotMounted);
      expect(await lab().nas.hashLun(other)).toBe(before);
    },
    600_000,
  );

  it('on its own LUN while its disk can not be read: nothing is written to it', async () => {
    await kubectl('delete', 'events', '--all');
    let before = '';
    await tries(async () => {
      before = await lab().nas.hashLun(life.lun);
      return lab().nas.failReads(life.lun);
    }, isNotMounted);
    expect(await lab().nas.hashLun(life.lun)).toBe(before);
  }, 600_000);

  it('and goes on where its own volume is back', async () => {
    const told = rows().length;
    await scaledTo(1);
    await until('further rows', 240, () => rows().length > told + 3);
  }, 600_000);
}
