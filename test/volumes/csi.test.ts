import { describe, expect, it } from 'vitest';
import { csiKind } from '../../lib/volumes/csi';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.csi;

describe('csi', () => {
  accepts(sample, [
    { driver: 'org.democratic-csi.node-manual' },
    { driver: 'csi.Example.com' },
    { accessModes: ['ReadWriteOncePod'] },
    { volumeAttributes: { lun: '1', empty: '' } },
    { volumeMode: 'Block' },
  ]);
  refuses(sample, [
    [{ driver: undefined }, 'driver', /name of a CSI driver/],
    [{ driver: 'a b' }, 'driver'],
    [{ driver: 'a'.repeat(64) }, 'driver'],
    [{ volumeAttributes: { lun: 1 } }, 'volumeAttributes.lun', /string/],
    [{ nodeStageSecretRef: { name: 'a', password: 'b' } }, 'nodeStageSecretRef.password'],
  ]);

  it('supports all fields of Kubernetes, with a namespace for each Secret', () => {
    const names = [
      'controllerPublishSecretRef',
      'nodeStageSecretRef',
      'nodePublishSecretRef',
      'controllerExpandSecretRef',
      'nodeExpandSecretRef',
    ];
    const more = { fsType: 'xfs', readOnly: false, volumeAttributes: { pool: 'a' } };
    const references = Object.fromEntries(names.map((name) => [name, { name }]));
    expect(specsOf(sample, { ...more, ...references }).volume.csi).toEqual({
      driver: 'csi.example.com',
      volumeHandle: 'data',
      ...more,
      ...Object.fromEntries(names.map((name) => [name, { name, namespace: 'media' }])),
    });
  });

  it.each([
    ['csi.example.com', false, true],
    ['nfs.csi.k8s.io', true, false],
    ['smb.csi.k8s.io', true, false],
  ])('knows of %s: network file system %s, attachable %s', (driver, network, attachable) => {
    const volume = { ...sample, driver };
    expect([csiKind.networkFileSystem(volume), csiKind.attachable(volume)]).toEqual([network, attachable]);
  });
});
