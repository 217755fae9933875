import { expect, it } from 'vitest';
import { sessionUses } from '../../../lib/storage/iscsi/session-uses';
import { withoutDuplicateMounts } from '../../../lib/storage/nfs';

const iqn = 'iqn.2000-01.com.example:jellyfin';
const disk = (lun: number, mountpoints: string[] = [], holders: string[] = []) => ({
  name: 'sda',
  lun,
  state: 'running',
  mountpoints,
  holders,
});
const session = (disks: ReturnType<typeof disk>[], of = iqn) => ({ iqn: of, state: 'LOGGED_IN', disks });

it.each<[string, ReturnType<typeof session>[], string[]]>([
  ['nothing without a session', [], []],
  ['nothing of other targets', [session([disk(1, ['/x'])], 'iqn.2000-01.com.example:sonarr')], []],
  ['that it is logged in', [session([disk(1)])], [`is logged in to ${iqn}`]],
  [
    'that it is mounted, of a target in another case',
    [session([disk(1, ['/a'])], 'iqn.2000-01.com.example:Jellyfin')],
    [`has LUN 1 of ${iqn} mounted at /a`],
  ],
  ['that it is logged in where no LUN is shown', [session([])], [`is logged in to ${iqn}`]],
  [
    'that it is mounted',
    [session([disk(1, ['/a', '/b'])])],
    ['/a', '/b'].map((at) => `has LUN 1 of ${iqn} mounted at ${at}`),
  ],
  ['that it is held', [session([disk(1, [], ['dm-0'])])], [`has LUN 1 of ${iqn} held by dm-0`]],
  ['nothing where the session is for another LUN, in use', [session([disk(1), disk(2, ['/other'])])], []],
  ['nothing where the session shows another LUN alone, in use or not', [session([disk(2)])], []],
  ['that it is logged in where no LUN is in use', [session([disk(1), disk(2)])], [`is logged in to ${iqn}`]],
  [
    'that it is mounted, beside another LUN',
    [session([disk(1, ['/a']), disk(2, ['/b'])])],
    [`has LUN 1 of ${iqn} mounted at /a`],
  ],
])('the sessions of a node say %s', (_, sessions, uses) => {
  expect(sessionUses({ iqn, lun: 1 }, { sessions })).toEqual(uses);
});

it('reports a shared mount once, and mounts that only one process sees', () => {
  const mount = (mountpoint: string, process: number, source = 'nas:/state') => ({ source, mountpoint, process });
  const [ours, theirs, hidden, over] = [
    mount('/srv', 0),
    mount('/srv', 122),
    mount('/opt', 7),
    mount('/srv', 8, 'nas:/x'),
  ];
  expect(withoutDuplicateMounts([ours, theirs, hidden, over])).toEqual([ours, hidden, over]);
  expect(withoutDuplicateMounts([theirs])).toEqual([theirs]);
});
