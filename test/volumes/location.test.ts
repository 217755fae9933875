import { describe, expect, it } from 'vitest';
import { csi, kindOf, nfs, nfsCsi, overlaps, type PersistentVolume, smb } from '../../lib/volumes';
import { describeLocation } from '../../lib/volumes/location';
import { persistentSamples } from './samples';

const { iscsi: lun, democraticCsi: manual, local, claim, existingClaim } = persistentSamples;
const mapped = '::FFFF:192.0.2.200';
const share = (path: string, server = '192.0.2.200') => nfs({ name: 'a', server, path, size: '1Gi' });
const csiShare = (path: string) => nfsCsi({ name: 'b', server: '192.0.2.200', share: path, size: '1Gi' });
const windows = (source: string) => smb({ name: 'c', source, size: '1Gi' });
const any = (driver: string, volumeAttributes: Record<string, string>, volumeHandle = 'x') =>
  csi({ name: 'd', driver, volumeAttributes, volumeHandle, size: '1Gi' });
const { iqn } = lun;

const rows: readonly (readonly [string, boolean, PersistentVolume, PersistentVolume])[] = [
  ['one LUN through two portals', true, lun, { ...lun, name: 'b', targetPortal: '192.0.2.201:3260' }],
  ['one LUN through two drivers', true, lun, manual],
  ['one LUN through any driver', true, lun, any('csi.example.com', { iqn, lun: '1' })],
  ['an iqn in another case', true, lun, { ...lun, iqn: iqn.toUpperCase() }],
  ['two LUNs of one target', false, lun, { ...lun, lun: 2 }],
  ['two targets', false, lun, { ...lun, iqn: `${iqn}2` }],
  ['one NFS directory', true, share('/a'), share('/a')],
  ['one NFS directory through two drivers', true, share('/a'), csiShare('/a')],
  ['one through any driver', true, share('/a'), any('nfs.csi.k8s.io', { server: '192.0.2.200', share: '/a' })],
  ['parent and child', true, share('/a'), csiShare('/a/b/c')],
  ['child and parent', true, share('/a/b'), share('/a')],
  ['the root and anything', true, share('/'), share('/a')],
  ['two names that begin alike', false, share('/a'), share('/ab')],
  ['two directories', false, share('/a/b'), share('/a/c')],
  ['an IPv6 server in two spellings', true, share('/a', '2001:DB8:0::200'), share('/a', '2001:db8::200')],
  ['two IPv6 servers', false, share('/a', '2001:db8::200'), share('/a', '2001:db8::201')],
  ['IPv4 within IPv6', true, share('/a', mapped), share('/a')],
  [
    'a live object in brackets',
    true,
    any('nfs.csi.k8s.io', { server: '[2001:db8::200]', share: '/a' }),
    share('/a', '2001:db8:0::200'),
  ],
  ['a slash at the end', true, any('nfs.csi.k8s.io', { server: '192.0.2.200', share: '/a/' }), share('/a')],
  ['no slash at the beginning', true, any('nfs.csi.k8s.io', { server: '192.0.2.200', share: 'a' }), share('/a/b')],
  ['attributes in another case', true, any('nfs.csi.k8s.io', { Server: '192.0.2.200', Share: '/a' }), share('/a')],
  [
    'a directory below a share',
    false,
    any('nfs.csi.k8s.io', { server: '192.0.2.200', share: '/a', subdir: 'b' }),
    share('/a/c'),
  ],
  ['an IPv6 SMB server in two spellings', true, windows('//2001:DB8::200/media'), windows('//2001:db8:0::200/media')],
  ['two servers', false, share('/a'), share('/a', '192.0.2.201')],
  ['a server in another case', true, share('/a', 'NAS'), share('/a', 'nas')],
  ['one SMB share, which knows no case', true, windows('//NAS/Media'), windows('//nas/media')],
  ['an SMB share and a directory in it', true, windows('//nas/media'), windows('//nas/media/tv')],
  ['one through any driver', true, windows('//nas/a'), any('smb.csi.k8s.io', { source: '//nas/A' })],
  ['two SMB shares', false, windows('//nas/media'), windows('//nas/media2')],
  ['SMB and NFS', false, windows('//192.0.2.200/a'), share('/a')],
  ['one handle of one driver', true, any('csi.example.com', {}), any('csi.example.com', {})],
  ['two handles', false, any('csi.example.com', {}), any('csi.example.com', {}, 'y')],
  ['one handle of two drivers', false, any('csi.example.com', {}), any('csi2.example.com', {})],
  ['one directory of a node', true, local, { ...local, path: '/var/lib/data/sub' }],
  ['two nodes', false, local, { ...local, node: 'node-b' }],
  ['a claim by two words', true, claim, existingClaim],
  ['two claims', false, claim, { ...claim, name: 'other' }],
  ['claims of two namespaces', false, claim, { ...claim, namespace: 'tv' }],
];

describe('overlaps', () => {
  it.each(rows)('%s: %s', (_, expected, left, right) => {
    const locationOf = (volume: PersistentVolume) => kindOf(volume).location(volume, 'media');
    expect(overlaps(locationOf(left), locationOf(right))).toBe(expected);
    expect(overlaps(locationOf(right), locationOf(left))).toBe(expected);
  });
});

it.each([
  [lun, 'LUN 1 of iqn.2000-01.com.example:data'],
  [share('/a'), '/a of NFS server 192.0.2.200'],
  [local, '/var/lib/data of disk of node node-a'],
] as const)('describes it: %#', (volume, words) => {
  expect(describeLocation(kindOf(volume).location(volume, 'media'))).toBe(words);
});
