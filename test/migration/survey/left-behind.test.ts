import { expect, it } from 'vitest';
import { leftBehindLines } from '../../../lib/migration/survey/left-behind';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun, share } from '../../helpers';
import { probed as found } from '../facts';

const group =
  '  fsGroup: the kubelet will give all of the new volume to group 1000, which may then read and write it; on the share it does not';

it.each<[string, DataVolume, DataVolume, { readonly fsGroup?: number }, string[]]>([
  ['a share to a LUN', share('a'), lun('b'), {}, []],
  ['a share to a LUN, with fsGroup', share('a'), lun('b'), { fsGroup: 1000 }, [group]],
  ['a share to a share, with fsGroup', share('a'), share('b'), { fsGroup: 1000 }, []],
  ['a LUN to a LUN, with fsGroup', lun('a'), lun('b'), { fsGroup: 1000 }, []],
  ['a LUN to a share', lun('a'), share('b'), {}, []],
])('says what a move does not take along: from %s', (_, source, target, identity, lines) => {
  expect(leftBehindLines({ source, target }, identity, found)).toEqual(lines);
});

const fromLun = { source: lun('a'), target: lun('b') };
const fromShare = { source: share('a'), target: lun('b') };
const nobody = {
  owners: [
    { uid: 65534, count: 7 },
    { uid: 1000, count: 3 },
  ],
};

it.each<[string, Parameters<typeof leftBehindLines>, RegExp]>([
  [
    'flags of chattr, with their number',
    [fromLun, {}, { ...found, flagged: { count: 2, names: ['conf/a', 'b'] } }],
    /^ {2}2 entries with flags of chattr .*: conf\/a, for example$/,
  ],
  [
    'other attributes, with their number',
    [fromLun, {}, { ...found, attributes: { count: 1, names: ['ping'] } }],
    /^ {2}1 entries with attributes in security\.\* or trusted\.\* .*: ping, for example$/,
  ],
  ['attributes that could not be counted', [fromLun, {}, { ...found, attributesCounted: false }], /no getfattr/],
  [
    'owners that are nobody',
    [fromShare, { puid: 1000 }, { ...found, ...nobody }],
    /^ {2}7 entries belong to nobody \(65534\)/,
  ],
  [
    'owners that are all others than the app',
    [fromShare, { runAsUser: 1026 }, found],
    /is user 1026, as which the app runs: 1200 entries belong to 1000\..*all_squash/,
  ],
])('names %s', (_, given, line) => {
  expect(leftBehindLines(...given)).toEqual([expect.stringMatching(line)]);
});

it('says nothing about owners if they match the app’s user, or that user is unknown', () => {
  for (const identity of [{ puid: 1000 }, { puid: 0 }, {}])
    expect(leftBehindLines(fromShare, identity, found)).toEqual([]);
  expect(leftBehindLines(fromShare, { puid: 65534 }, { ...found, owners: [{ uid: 65534, count: 7 }] })).toEqual([]);
});
