import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../lib/core/advice';
import type { AdviceCode } from '../../../lib/core/advice-codes';
import { type SeenTarget, targetFindings } from '../../../lib/storage/iscsi/findings';
import { lun } from '../../helpers';
import { look, seen } from '../../migration/facts';

const volume = lun('jellyfin-config-2');
const { iqn } = volume;
const told = (more: Partial<SeenTarget>) =>
  targetFindings({ app: 'jellyfin', volume, isLive: true, looks: [look('node-a'), look('node-b')], ...more });
type Told = readonly [Finding['severity'], AdviceCode, subject: string, found: RegExp];
const inUse = { ...seen, use: 'mounted at /var/lib/kubelet/x' };
const held = { ...seen, use: 'held by dm-0: LVM, multipath or a RAID has claimed it' };
const closed = { initiatorName: '', wasShown: false, problem: 'it wants CHAP', luns: [] };

it.each([
  [['192.0.2.200'], 1],
  [['192.0.2.201'], 0],
])('is unusable for the kubelet if multipath holds it and it has one portal: with %j %i', (portals, count) => {
  const one = { ...volume, portals };
  expect(told({ volume: one, looks: [look('node-a', [held]), look('node-b')] })).toHaveLength(count);
});

describe('a target', () => {
  it.each<[string, Partial<SeenTarget>, Told[]]>([
    ['that all nodes see alike', {}, []],
    ['that its app uses', { looks: [look('node-a', [inUse]), look('node-b')] }, []],
    [
      'that one node can’t reach',
      { looks: [look('node-a'), look('node-b', [], { target: closed })] },
      [['error', 'target-unreachable', 'node-b', /^(?!says).*wants CHAP/]],
    ],
    [
      'that is not live yet and can’t be reached',
      { isLive: false, looks: [look('node-a', [], { target: closed })] },
      [['warning', 'target-unreachable', 'node-a', /^(?!says).*wants CHAP/]],
    ],
    [
      'that a node could not look at',
      { looks: [look('node-a', [], { target: undefined, problem: 'it does not answer' })] },
      [['error', 'target-unreachable', 'node-a', /does not answer$/]],
    ],
    [
      'that shows another number',
      { looks: [look('node-a', [{ ...seen, lun: 3 }])] },
      [['error', 'lun-not-found', 'node-a', /^says: .*\b1\b/]],
    ],
    [
      'that shows another size',
      { looks: [look('node-a', [{ ...seen, bytes: 2 * seen.bytes }])] },
      [['error', 'lun-size-differs', 'node-a', new RegExp(`^says: .*${2 * seen.bytes}.*${seen.bytes}`)]],
    ],
    [
      'that shows a disk without a WWN',
      { looks: [look('node-a', [{ ...seen, wwn: '' }])] },
      [['error', 'lun-without-wwn', 'node-a', /^says: LUN 1 of /]],
    ],
    [
      'that shows different disks',
      { looks: [look('node-a'), look('node-b', [{ ...seen, wwn: '0x1' }])] },
      [['error', 'lun-differs', 'node-b', /^(?!says).*node-a.*0x1 .*0x6001405/]],
    ],
    [
      'that two nodes use',
      { looks: [look('node-a', [inUse]), look('node-b', [inUse])] },
      [['error', 'lun-shared', `LUN 1 of ${iqn}`, new RegExp(`node-a .*${inUse.use}.*node-b .*${inUse.use}`)]],
    ],
    [
      'that multipath holds',
      { looks: [look('node-a', [held])] },
      [['error', 'lun-claimed', 'node-a', new RegExp(held.use)]],
    ],
    [
      'that multipath shall hold',
      { volume: { ...volume, portals: ['192.0.2.201:3260'] }, looks: [look('node-a', [held])] },
      [],
    ],
  ])('%s', (_, more, expected) => {
    expect(told(more)).toMatchObject(
      expected.map(([severity, code, subject, found]) => ({
        severity,
        code,
        subject,
        found: expect.stringMatching(found),
      })),
    );
  });
});
