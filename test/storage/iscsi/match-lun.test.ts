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
  ['there is none', [], 'the target shows no LUN 1 to this node'],
  ['another app uses the only other one, of the size that is described', [seen(0)], 'the target shows no LUN 1'],
  ['several others are there', [seen(12), seen(2)], 'the target shows no LUN 1'],
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
  expect(matchLun(wanted, luns)).toMatchObject({ problem: expect.stringContaining(problem) });
});

it.each([[[seen(0)]], [[seen(12), seen(2)]]])('proposes no number that a node shows for another app', (luns) => {
  const { problem, remedy } = matchLun(wanted, luns);
  expect(`${problem} ${remedy}`.match(/\d+/g)).toEqual(['1']);
});
