import { expect, it } from 'vitest';
import type { SeenLun } from '../../../lib/scripts/lun/seen-lun';
import { matchLun } from '../../../lib/storage/iscsi/match-lun';

const GIBIBYTE = 1024 ** 3;
const wanted = { lun: 1, bytes: 10 * GIBIBYTE };
const seen = (lun: number, bytes = 10 * GIBIBYTE): SeenLun => ({
  lun,
  bytes,
  wwn: `0x60014050${lun}`,
  serial: '',
  content: '',
  uuid: '',
  use: '',
});

it.each<[string, SeenLun[], number]>([
  ['the only one', [seen(1)], 1],
  ['one of several', [seen(0), seen(1), seen(2)], 1],
  ['one that the NAS has rounded up', [seen(1, 10 * GIBIBYTE + 1024 * 1024)], 1],
])('finds %s', (_, luns, lun) => {
  expect(matchLun(wanted, luns)).toEqual({ lun: luns.find((one) => one.lun === lun) });
});

it.each<[string, SeenLun[], string]>([
  ['there is none', [], 'the target shows no LUN to this node: map one to it on the NAS'],
  [
    'the NAS counts otherwise than nodes do',
    [seen(0)],
    'the target has no LUN 1, but 0, which has the size that is described: a NAS may show another number than nodes see; write lun: 0',
  ],
  ['the only one has another size', [seen(0, GIBIBYTE)], 'the target has no LUN 1, but 0: write the one that is meant'],
  ['several others are there', [seen(12), seen(2)], 'the target has no LUN 1, but 2, 12: write the one that is meant'],
  ['two devices match', [seen(1), seen(1)], '2 devices have LUN number 1: log out of all sessions but one'],
  [
    'it is too small',
    [seen(1, 10 * GIBIBYTE - 512)],
    'LUN 1 has 10737417728 bytes, 10737418240 are described: grow it on the NAS, or describe its size',
  ],
  [
    'it is much larger',
    [seen(1, 20 * GIBIBYTE)],
    'LUN 1 has 21474836480 bytes, 10737418240 are described: see whether it is the right one',
  ],
])('says so where %s', (_, luns, problem) => {
  expect(matchLun(wanted, luns)).toEqual({ problem });
});
