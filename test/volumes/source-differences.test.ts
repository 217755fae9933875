import { describe, expect, it } from 'vitest';
import { csi, existingClaim, local } from '../../lib/volumes';
import type { PersistentVolume } from '../../lib/volumes/kinds';
import { type LiveSource, sourceDifferences } from '../../lib/volumes/source-differences';
import { lun, share, untyped } from '../helpers';

const nfs = { server: '192.0.2.200', path: '/volume1/config' };
const iscsi = { targetPortal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:config', lun: 1, fsType: 'auto' };
const common = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: '', claimRef: {} };
const differences = (volume: PersistentVolume, live: object) =>
  sourceDifferences(volume, 'media', untyped<LiveSource>({ ...common, ...live }));

describe('a PersistentVolume with the described source has no differences', () => {
  const withPortals = { portals: ['192.0.2.201'] };
  const byAddress6 = { targetPortal: '[2001:db8::200]:3260' };
  it.each<[string, PersistentVolume, object]>([
    ['as it is written', share('config'), { nfs }],
    ['with a slash at its end', share('config'), { nfs: { ...nfs, path: '/volume1//config/' } }],
    ['of the root', share('config', { path: '/' }), { nfs: { ...nfs, path: '/' } }],
    [
      'by a name in upper case',
      share('config', { server: 'nas.example.com' }),
      { nfs: { ...nfs, server: 'NAS.example.com' } },
    ],
    [
      'by a longer IPv6 address',
      share('config', { server: '2001:db8::1' }),
      { nfs: { ...nfs, server: '2001:DB8:0::1' } },
    ],
    [
      'by a name with a dot at its end',
      share('config', { server: 'nas.example.com' }),
      { nfs: { ...nfs, server: 'nas.example.com.' } },
    ],
    ['by IPv4 within IPv6', share('config'), { nfs: { ...nfs, server: '::ffff:192.0.2.200' } }],
    ['whatever its NFS version', share('config'), { nfs, mountOptions: ['nfsvers=3'] }],
    ['a LUN', lun('config'), { iscsi: { ...iscsi, iscsiInterface: 'default' } }],
    ['a portal without its port', lun('config', { targetPortal: '192.0.2.200' }), { iscsi }],
    ['a portal of IPv4 within IPv6', lun('config'), { iscsi: { ...iscsi, targetPortal: '[::ffff:192.0.2.200]:3260' } }],
    ['an IPv6 portal', lun('config', byAddress6), { iscsi: { ...iscsi, targetPortal: '[2001:db8:0::200]:3260' } }],
    [
      'portals in another order',
      lun('config', withPortals),
      { iscsi: { ...iscsi, targetPortal: '192.0.2.201', portals: ['192.0.2.200'] } },
    ],
    ['portals that repeat the first', lun('config'), { iscsi: { ...iscsi, portals: ['192.0.2.200'] } }],
    [
      'the word that the kubelet takes without one',
      lun('config', { fsType: 'ext4' }),
      { iscsi: { ...iscsi, fsType: '' } },
    ],
    ['a mode that is the default', lun('config'), { iscsi, volumeMode: 'Filesystem' }],
    [
      'attributes that a driver adds',
      csi({ name: 'x', size: '1Gi', driver: 'd.example.com' }),
      { csi: { driver: 'd.example.com', volumeHandle: 'x', volumeAttributes: { added: '1' } } },
    ],
    ['a claim that names no PersistentVolume', existingClaim({ name: 'x' }), { nfs }],
  ])('%s', (_, volume, live) => {
    expect(differences(volume, live)).toEqual([]);
  });
});

describe('a PersistentVolume with another source is reported with both values', () => {
  it.each<[string, PersistentVolume, object, string]>([
    [
      'another folder',
      share('config'),
      { nfs: { ...nfs, path: '/volume1/config-old' } },
      'nfs.path: described /volume1/config, found /volume1/config-old',
    ],
    [
      'the folder in another case',
      share('config'),
      { nfs: { ...nfs, path: '/volume1/Config' } },
      'nfs.path: described /volume1/config, found /volume1/Config',
    ],
    [
      'another server',
      share('config'),
      { nfs: { ...nfs, server: 'nas' } },
      'nfs.server: described 192.0.2.200, found nas',
    ],
    [
      'another source',
      share('config'),
      { csi: { driver: 'nfs.csi.k8s.io', volumeHandle: 'x' } },
      'source: described nfs, found csi',
    ],
    ['no source', lun('config'), {}, 'source: described iscsi, found without it'],
    ['another LUN', lun('config'), { iscsi: { ...iscsi, lun: 0 } }, 'iscsi.lun: described 1, found 0'],
    [
      'another target',
      lun('config'),
      { iscsi: { ...iscsi, iqn: 'iqn.2000-01.com.example:other' } },
      'iscsi.iqn: described iqn.2000-01.com.example:config, found iqn.2000-01.com.example:other',
    ],
    [
      'another port',
      lun('config'),
      { iscsi: { ...iscsi, targetPortal: '192.0.2.200:3261' } },
      'iscsi.targetPortal and portals: described 192.0.2.200:3260, found 192.0.2.200:3261',
    ],
    [
      'a further portal',
      lun('config'),
      { iscsi: { ...iscsi, portals: ['192.0.2.201'] } },
      'described 192.0.2.200:3260, found 192.0.2.200:3260, 192.0.2.201',
    ],
    [
      'another initiator',
      lun('config'),
      { iscsi: { ...iscsi, initiatorName: 'iqn.2000-01.com.example:own' } },
      'iscsi.initiatorName: described without it, found iqn.2000-01.com.example:own',
    ],
    [
      'another interface',
      lun('config'),
      { iscsi: { ...iscsi, iscsiInterface: 'tcp' } },
      'iscsi.iscsiInterface: described default, found tcp',
    ],
    [
      'a file system that the kubelet would make',
      lun('config'),
      { iscsi: { ...iscsi, fsType: 'ext4' } },
      'iscsi.fsType: described auto, found ext4',
    ],
    ['no file system', lun('config'), { iscsi, volumeMode: 'Block' }, 'volumeMode: described Filesystem, found Block'],
    [
      'another handle',
      csi({ name: 'x', size: '1Gi', driver: 'd.example.com' }),
      { csi: { driver: 'd.example.com', volumeHandle: 'y' } },
      'csi.volumeHandle: described x, found y',
    ],
    [
      'another attribute',
      csi({ name: 'x', size: '1Gi', driver: 'd.example.com', volumeAttributes: { share: '/a' } }),
      { csi: { driver: 'd.example.com', volumeHandle: 'x' } },
      'csi.volumeAttributes.share: described /a, found without it',
    ],
    [
      'another folder of a node',
      local({ name: 'x', size: '1Gi', path: '/srv/x', node: 'node-a' }),
      { local: { path: '/srv/y' } },
      'local.path: described /srv/x, found /srv/y',
    ],
  ])('%s', (_, volume, live, line) => {
    expect(differences(volume, live).join('; ')).toContain(line);
  });
});
