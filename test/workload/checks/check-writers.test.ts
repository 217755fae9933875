import { describe, expect, it } from 'vitest';
import { jellyfin, sonarr } from '../../../lib/catalog';
import { defineCluster, liveCluster } from '../../../lib/cluster';
import type { Lock } from '../../../lib/cluster/lock';
import { claim, csi, inlineNfs, local, nfsCsi, smb } from '../../../lib/volumes';
import type { MediaAppProps } from '../../../lib/workload';
import { describeApps, image, lun, problemsWith, share } from '../../helpers';

const databases = [{ path: 'data/app.db', engine: 'sqlite' as const }];

describe('several replicas', () => {
  it.each([
    ['a single-writer volume', { config: lun('a') }, '"a" at /config'],
    ['one somewhere else', { mounts: { '/a': claim({ name: 'b', size: '1Gi' }) } }, '"b" at /a'],
    ['a generation that is not live yet', { config: [share('a'), lun('b')] }, '"b" at /config'],
    ['a database, wherever it is', { config: share('a'), databases }, 'the database on "a", nfs at /config'],
    [
      'a database on a share without a claim',
      { mounts: { '/config': inlineNfs({ server: 'nas', path: '/a' }) }, databases },
      'the database on inlineNfs at /config',
    ],
  ])('are refused with %s', (_, props, what) => {
    expect(problemsWith({ ...props, replicas: 2 })).toMatchObject([
      { path: 'apps.app.replicas', value: 2, expected: `0 or 1 because of ${what}, which one pod at a time may write` },
    ]);
  });

  it('are fine without one, and so are none', () => {
    expect(problemsWith({ replicas: 3 })).toEqual([]);
    expect(problemsWith({ replicas: 3, mounts: { '/a': share('a') } })).toEqual([]);
    expect(problemsWith({ replicas: 0, config: lun('a') })).toEqual([]);
  });
});

describe('surge', () => {
  it.each([
    ['the default', { type: 'RollingUpdate' }],
    ['no type, which is RollingUpdate', {}],
    ['a number', { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }],
    ['a share', { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } }],
    ['maxUnavailable alone', { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }],
  ])('is refused on a single-writer volume: %s', (_, strategy) => {
    expect(problemsWith({ config: lun('a'), strategy })).toMatchObject([
      {
        path: 'apps.app.strategy',
        value: strategy,
        expected: expect.stringContaining('without surge because of "a" at /config'),
        remedy: expect.stringContaining('maxSurge: 0'),
      },
    ]);
    expect(problemsWith({ config: share('a'), strategy })).toEqual([]);
  });

  it.each([
    { type: 'Recreate' },
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    { rollingUpdate: { maxSurge: '0%' } },
  ])('is absent in %j', (strategy) => expect(problemsWith({ config: lun('a'), strategy })).toEqual([]));
});

describe('a database on a network file system', () => {
  const warnings = (app: MediaAppProps, lock?: Lock) =>
    liveCluster(defineCluster(describeApps({ app })), lock).warnings;
  const onNfs = share('settings');

  it('is a warning that names databases, volume and risk', () => {
    expect(warnings(sonarr({ image, config: onNfs }))).toEqual([
      {
        path: 'apps.app.config',
        message: expect.stringMatching(/^sonarr\.db, logs\.db will .*"settings", nfs.*"database is locked".*damaged/),
      },
    ]);
  });

  it.each([
    ['nfs for one writer', share('a', { accessModes: ['ReadWriteOnce'] }), 1],
    ['nfsCsi', nfsCsi({ name: 'a', server: 'nas', share: '/a', size: '1Gi' }), 1],
    ['smb', smb({ name: 'a', source: '//nas/a', size: '1Gi' }), 1],
    ['the driver of NFS', csi({ name: 'a', driver: 'nfs.csi.k8s.io', size: '1Gi' }), 1],
    ['any other driver', csi({ name: 'a', driver: 'csi.example.com', size: '1Gi' }), 0],
    ['iscsi', lun('a'), 0],
    ['local', local({ name: 'a', node: 'node-a', path: '/a', size: '1Gi' }), 0],
    ['claim', claim({ name: 'a', size: '1Gi' }), 0],
  ])('%s: %#', (_, config, count) => expect(warnings(sonarr({ image, config }))).toHaveLength(count));

  it('is silenced only by a reason', () => {
    const app = sonarr({ image, config: onNfs, networkFileSystemReason: 'moves to a LUN in June' });
    expect(warnings(app)).toEqual([]);
    expect(problemsWith({ ...app, networkFileSystemReason: ' ' })).toMatchObject([
      { path: 'apps.app.networkFileSystemReason', expected: 'a reason' },
    ]);
  });

  it('does not exist for an app without databases', () => {
    expect(warnings({ image, config: onNfs })).toEqual([]);
    expect(warnings(sonarr({ image, config: onNfs, databases: [] }))).toEqual([]);
  });

  it('follows the live generation', () => {
    const app = sonarr({ image, config: [onNfs, lun('new')] });
    expect(warnings(app)).toHaveLength(1);
    expect(warnings(app, { version: 1, live: { app: { '/config': 'new' } } })).toEqual([]);
    expect(warnings(app, { version: 1, live: { app: { '/config': 'settings' } } })).toHaveLength(1);
  });

  it('concerns the innermost of nested mounts, which has the database', () => {
    const inside = (volume: ReturnType<typeof lun> | ReturnType<typeof share>) => ({ '/config/data': volume });
    expect(warnings(jellyfin({ image, config: onNfs, mounts: inside(lun('data')) }))).toEqual([]);
    expect(warnings(jellyfin({ image, config: lun('a'), mounts: inside(share('data')) }))).toMatchObject([
      { path: 'apps.app.mounts["/config/data"]', message: expect.stringContaining('jellyfin.db') },
    ]);
  });

  it('is found without a claim too', () => {
    const mounts = { '/config': inlineNfs({ server: 'nas', path: '/a' }) };
    expect(warnings({ image, databases, mounts })).toMatchObject([{ path: 'apps.app.mounts["/config"]' }]);
  });
});
