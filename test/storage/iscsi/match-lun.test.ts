import { expect, it } from 'vitest';
import type { AdviceCode } from '../../../lib/core/advice-codes';
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

it.each<[string, SeenLun[], AdviceCode, RegExp]>([
  ['there is none', [], 'lun-not-found', /\b1\b/],
  ['another app uses the only other one, of the size that is described', [seen(0)], 'lun-not-found', /\b1\b/],
  ['several others are there', [seen(12), seen(2)], 'lun-not-found', /\b1\b/],
  ['two devices match', [seen(1), seen(1)], 'lun-ambiguous', /\b2\b.*\b1\b/],
  ['it is too small', [seen(1, 10 * GIBIBYTE - 512)], 'lun-size-differs', /10737417728.*10737418240.*\bgrow\b/],
  ['it is much larger', [seen(1, 20 * GIBIBYTE)], 'lun-size-differs', /21474836480.*10737418240.*\bright one\b/],
])('says so where %s', (_, luns, code, facts) => {
  expect(matchLun(wanted, luns)).toMatchObject({ code, problem: expect.stringMatching(facts) });
});

it.each([[[seen(0)]], [[seen(12), seen(2)]]])('does not suggest a number that a node shows for another app', (luns) => {
  expect(JSON.stringify(matchLun(wanted, luns)).match(/\d+/g)).toEqual(['1']);
});
