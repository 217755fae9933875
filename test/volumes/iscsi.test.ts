import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../lib/core/schema';
import { type IscsiVolume, iscsiKind, portalsOf } from '../../lib/volumes/iscsi';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.iscsi;

describe('its props', () => {
  accepts(sample, [
    { lun: 0 },
    { lun: 255 },
    { targetPortal: '192.0.2.200' },
    { targetPortal: '[2001:db8::200]:3260' },
    { portals: ['192.0.2.201:3260', '[2001:db8::201]:3260'] },
    { targetPortal: '[2001:DB8:0::200]:3260' },
    { portals: ['192.0.2.200:3260', '192.0.2.200'] },
    { iqn: `eui.${'0'.repeat(16)}` },
    { iqn: `naa.${'0'.repeat(32)}` },
    { fsType: 'xfs' },
    { accessModes: ['ReadOnlyMany'] },
    { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] },
    { iscsiInterface: 'iser' },
    { initiatorName: 'iqn.2000-01.com.example:node' },
    { chapAuthSession: true, secretRef: { name: 'chap' } },
    { chapAuthDiscovery: true, secretRef: { name: 'chap', namespace: 'storage' } },
    { volumeMode: 'Block' },
    { size: '20Gi', claimSize: '10Gi' },
    { size: '10Gi', claimSize: '10240Mi' },
  ]);

  refuses(sample, [
    [{ lun: -1 }, 'lun', /0 to 255/],
    [{ lun: 256 }, 'lun', /0 to 255/],
    [{ lun: 1.5 }, 'lun', /integer/],
    [{ lun: '1' }, 'lun', /integer/],
    [{ lun: undefined }, 'lun', /integer/],
    [{ targetPortal: 'nas.example.com:3260' }, 'targetPortal', /IP address/],
    [{ targetPortal: '2001:db8::200' }, 'targetPortal', /\[2001:db8::200\]:3260/],
    [{ targetPortal: undefined }, 'targetPortal'],
    [{ targetPortal: '[fe80::1%eth0]:3260' }, 'targetPortal', /without a zone/],
    [{ portals: ['[fe80::1%eth0]:3260'] }, 'portals[0]', /without a zone/],
    [{ portals: ['192.0.2.201', 'nas'] }, 'portals[1]', /IP address/],
    [{ iqn: 'iqn.2000-01.com.example' }, 'iqn', /iSCSI name/],
    [{ initiatorName: 'node-a' }, 'initiatorName', /iSCSI name/],
    [{ fsType: 'ntfs' }, 'fsType', /"auto" or "ext4"/],
    [{ accessModes: ['ReadWriteMany'] }, 'accessModes[0]', /"ReadWriteOnce" or "ReadOnlyMany"$/],
    [{ accessModes: ['ReadWriteOncePod'] }, 'accessModes[0]'],
    [{ chapAuthSession: true }, 'secretRef', /Secret with the CHAP passwords/],
    [{ chapAuthDiscovery: true }, 'secretRef', /Secret with the CHAP passwords/],
    [{ secretRef: { name: 'chap' } }, 'secretRef', /no Secret without CHAP/],
    [{ secretRef: { name: 'chap' }, chapAuthSession: false }, 'secretRef', /no Secret without CHAP/],
    [{ size: '10Gi', claimSize: '20Gi' }, 'claimSize', /no more than size, 10Gi/],
    [{ claimSize: 10 }, 'claimSize', /such as "10Gi"/],
    [{ secretRef: { name: 'chap', password: 'x' }, chapAuthSession: true }, 'secretRef.password', /no such property/],
  ]);

  it('report a missing CHAP Secret together with other problems', () => {
    const problems = problemsOf(iscsiKind.schema, { ...sample, lun: '1', chapAuthSession: true, x: 1 }, 'v');
    expect(problems.map(({ path }) => path)).toEqual(['v.lun', 'v.x', 'v.secretRef']);
  });

  it('have an error that says how to find the LUN’s number', () => {
    expect(problemsOf(iscsiKind.schema, { ...sample, lun: 256 }, 'v')[0]?.remedy).toMatch(/by-path.*NAS/);
  });
});

describe('respect the 64 characters of an interface name', () => {
  const initiatorName = 'iqn.2000-01.com.example:node';
  const longest = 'a'.repeat(64 - ':192.0.2.200:3260'.length);

  accepts(sample, [
    { initiatorName, volumeName: longest },
    { initiatorName, name: longest },
    { name: `${longest}a` },
    { initiatorName, name: `${longest}a`, volumeName: 'short' },
  ]);
  refuses(sample, [
    [{ initiatorName, volumeName: `${longest}a` }, 'volumeName', /at most 64 characters/],
    [{ initiatorName, name: `${longest}a` }, 'volumeName', /65/],
    [{ initiatorName, name: `${longest}a`, targetPortal: '192.0.2.200' }, 'volumeName', /192\.0\.2\.200:3260", 65/],
  ]);
});

describe('its PersistentVolume', () => {
  const source = (more: Partial<IscsiVolume> = {}) => specsOf(sample, more).volume.iscsi;

  it('has only the required fields, and forbids formatting', () => {
    expect(source()).toEqual({
      targetPortal: '192.0.2.200:3260',
      iqn: 'iqn.2000-01.com.example:data',
      lun: 1,
      fsType: 'auto',
    });
  });

  it.each([
    { targetPortal: '192.0.2.200', portals: ['192.0.2.200'] },
    { targetPortal: '[2001:DB8:0::200]:3260', iqn: 'iqn.2000-01.com.example:NAS.Target-1' },
  ])('keeps the notation, because the one in the cluster can’t be changed: %j', (written) => {
    expect(source(written)).toMatchObject(written);
  });

  it('supports all fields of Kubernetes', () => {
    const all = {
      lun: 0,
      portals: ['192.0.2.201:3260'],
      fsType: 'ext4',
      readOnly: false,
      iscsiInterface: 'iser',
      initiatorName: 'iqn.2000-01.com.example:node',
      chapAuthSession: true,
      chapAuthDiscovery: false,
    } as const;
    expect(source({ ...all, secretRef: { name: 'chap' } })).toEqual({
      targetPortal: '192.0.2.200:3260',
      iqn: 'iqn.2000-01.com.example:data',
      ...all,
      secretRef: { name: 'chap', namespace: 'media' },
    });
  });

  it.each([
    [{ name: 'chap' }, undefined, 'media'],
    [{ name: 'chap', namespace: undefined }, undefined, 'media'],
    [{ name: 'chap' }, 'tv', 'tv'],
    [{ name: 'chap', namespace: 'storage' }, 'tv', 'storage'],
  ])('finds the Secret %j of a claim in %s in %s', (secretRef, namespace, found) => {
    expect(source({ secretRef, namespace })).toMatchObject({ secretRef: { name: 'chap', namespace: found } });
  });

  it('has no file system on a block device', () => {
    const { volume, claim } = specsOf(sample, { volumeMode: 'Block', fsType: 'ext4' });
    expect(volume.iscsi).not.toHaveProperty('fsType');
    expect([volume.volumeMode, claim.volumeMode]).toEqual(['Block', 'Block']);
  });

  it('can grow, while its claim keeps its original request', () => {
    const { volume, claim } = specsOf(sample, { size: '20Gi', claimSize: '10Gi' });
    expect([volume.capacity, claim.resources]).toEqual([{ storage: '20Gi' }, { requests: { storage: '10Gi' } }]);
  });

  it('is for one node at a time unless told otherwise', () => {
    expect(specsOf(sample).claim.accessModes).toEqual(['ReadWriteOnce']);
  });
});

it.each<[string, readonly string[] | undefined, string[]]>([
  ['192.0.2.200', undefined, ['192.0.2.200:3260']],
  ['192.0.2.200', ['192.0.2.200:3260', '192.0.2.201'], ['192.0.2.200:3260', '192.0.2.201:3260']],
  ['[2001:DB8::200]:3260', ['[2001:db8:0::200]:3260'], ['[2001:db8::200]:3260']],
])('%s with %j has the portals %j', (targetPortal, portals, all) => {
  expect(portalsOf({ targetPortal, ...(portals && { portals }) })).toEqual(all);
});
