import { expect, it } from 'vitest';
import { defineCluster } from '../../../lib/cluster';
import { liveCluster } from '../../../lib/cluster/live';
import type { Lock } from '../../../lib/cluster/lock';
import { appOf, wantedVolumes } from '../../../lib/migration/plan/wanted-volumes';
import type { MediaAppProps } from '../../../lib/workload';
import { image, lun, share } from '../../helpers';

const app = (config: MediaAppProps['config'], mounts?: MediaAppProps['mounts'], live?: string) => {
  const cluster = defineCluster({ namespace: 'media', apps: { jellyfin: { image, config, mounts } } });
  const lock: Lock | undefined = live ? { version: 1, live: { jellyfin: { '/config': live } } } : undefined;
  return appOf(liveCluster(cluster, lock), 'jellyfin');
};
const [nfs, iscsi, second] = [share('config'), lun('config-2'), lun('config-3')];

it.each<[string, Parameters<typeof app>, object[]]>([
  ['a first LUN', [iscsi], [{ mountPath: '/config', action: 'format', target: iscsi }]],
  [
    'a LUN behind a share',
    [[nfs, iscsi]],
    [{ mountPath: '/config', action: 'move', source: nfs, target: iscsi, patches: [] }],
  ],
  [
    'the newest of three generations',
    [[nfs, iscsi, second]],
    [{ mountPath: '/config', action: 'move', source: nfs, target: second, patches: [] }],
  ],
  ['a share alone', [nfs], [{ mountPath: '/config', action: 'describe', source: nfs }]],
  [
    'a move that was made',
    [[nfs, iscsi], undefined, 'config-2'],
    [
      {
        mountPath: '/config',
        action: 'none',
        reason: 'its data is on "config-2" (iscsi), the newest that is described',
      },
    ],
  ],
  [
    'a move between LUNs',
    [[nfs, iscsi, second], undefined, 'config-2'],
    [{ mountPath: '/config', action: 'move', source: iscsi, target: second, patches: [] }],
  ],
  [
    'a move back to a share',
    [[nfs, iscsi, share('config-3')], undefined, 'config-2'],
    [{ mountPath: '/config', action: 'move', source: iscsi, target: share('config-3'), patches: [] }],
  ],
  [
    'media on a share beside it',
    [iscsi, { '/media': share('media') }],
    [{ mountPath: '/config', action: 'format', target: iscsi }],
  ],
])('of %s', (_, [config, mounts, live], wanted) => {
  expect(wantedVolumes(app(config, mounts, live))).toEqual(wanted);
});

it('lists the known apps', () => {
  const live = liveCluster(defineCluster({ namespace: 'media', apps: { jellyfin: { image, config: iscsi } } }));
  expect(() => appOf(live, 'jelyfin')).toThrow(
    expect.objectContaining({ code: 'no-such-app', message: expect.stringContaining('expected jellyfin') }),
  );
});
