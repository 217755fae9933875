import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../../lib/core/advice';
import { type SeenTarget, targetFindings } from '../../../lib/storage/iscsi/findings';
import { lun } from '../../helpers';
import { look, seen } from '../../migration/facts';

const volume = lun('jellyfin-config-2');
const { iqn } = volume;
const told = (more: Partial<SeenTarget>) =>
  targetFindings({ app: 'jellyfin', volume, isLive: true, looks: [look('node-a'), look('node-b')], ...more }).map(
    (one) => `${one.severity}: ${adviceSentence(one)}`,
  );
const inUse = { ...seen, use: 'mounted at /var/lib/kubelet/x' };
const held = { ...seen, use: 'held by dm-0: LVM, multipath or a RAID has claimed it' };
const closed = { initiatorName: '', wasShown: false, problem: 'it wants CHAP', luns: [] };

it.each([
  [['192.0.2.200'], 1],
  [['192.0.2.201'], 0],
])('is kept from the kubelet where multipath holds it, and it has one portal: with %j %i', (portals, count) => {
  const one = { ...volume, portals };
  expect(told({ volume: one, looks: [look('node-a', [held]), look('node-b')] })).toHaveLength(count);
});

describe('a target', () => {
  it.each<[string, Partial<SeenTarget>, string[]]>([
    ['that all nodes see alike', {}, []],
    ['that its app uses', { looks: [look('node-a', [inUse]), look('node-b')] }, []],
    [
      'that one node can’t reach',
      { looks: [look('node-a'), look('node-b', [], { target: closed })] },
      [`error: node-b can't reach ${iqn}: it wants CHAP`],
    ],
    [
      'that is not live yet and can’t be reached',
      { isLive: false, looks: [look('node-a', [], { target: closed })] },
      [`warning: node-a can't reach ${iqn}: it wants CHAP`],
    ],
    [
      'that a node could not look at',
      { looks: [look('node-a', [], { target: undefined, problem: 'it does not answer' })] },
      [`error: node-a could not inspect ${iqn}: it does not answer`],
    ],
    [
      'that shows another number',
      { looks: [look('node-a', [{ ...seen, lun: 3 }])] },
      [expect.stringContaining('error: node-a says: the target shows no LUN 1 to this node')],
    ],
    [
      'that shows different disks',
      { looks: [look('node-a'), look('node-b', [{ ...seen, wwn: '0x1' }])] },
      [expect.stringContaining('error: node-b sees another disk than node-a as LUN 1')],
    ],
    [
      'that two nodes use',
      { looks: [look('node-a', [inUse]), look('node-b', [inUse])] },
      [
        `error: LUN 1 of ${iqn} is in use on several nodes at once, which destroys its file system: node-a (${inUse.use}), node-b (${inUse.use})`,
      ],
    ],
    [
      'that multipath holds',
      { looks: [look('node-a', [held])] },
      [`error: node-a keeps LUN 1 of ${iqn} from the kubelet: it is ${held.use}`],
    ],
    [
      'that multipath shall hold',
      { volume: { ...volume, portals: ['192.0.2.201:3260'] }, looks: [look('node-a', [held])] },
      [],
    ],
  ])('%s', (_, more, expected) => {
    expect(told(more)).toEqual(expected);
  });
});
