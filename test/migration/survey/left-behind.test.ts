import { expect, it } from 'vitest';
import { leftBehindLines } from '../../../lib/migration/survey/left-behind';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun, share } from '../../helpers';

const attributes =
  '  attributes in security.* and trusted.*, and flags of chattr (such as i and a), if any, stay behind';
const group =
  '  fsGroup: the kubelet will give all of the new volume to group 1000, which may then read and write it; on the share it does not';

it.each<[string, DataVolume, DataVolume, { readonly fsGroup?: number }, string[]]>([
  ['a share to a LUN', share('a'), lun('b'), {}, []],
  ['a share to a LUN, with fsGroup', share('a'), lun('b'), { fsGroup: 1000 }, [group]],
  ['a share to a share, with fsGroup', share('a'), share('b'), { fsGroup: 1000 }, []],
  ['a LUN to a LUN, with fsGroup', lun('a'), lun('b'), { fsGroup: 1000 }, [attributes]],
  ['a LUN to a share', lun('a'), share('b'), {}, [attributes]],
])('says what a move does not take along: from %s', (_, source, target, identity, lines) => {
  expect(leftBehindLines({ source, target }, identity)).toEqual(lines);
});
