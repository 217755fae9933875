import { describe, expect, it } from 'vitest';
import { kindOf } from '../../lib/volumes';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.smb;

describe('smb', () => {
  accepts(sample, [
    { source: '//nas/media' },
    { source: '//nas.example.com/media/series' },
    { source: '//192.0.2.200/Media Files' },
    { nodeStageSecretRef: { name: 'smb' } },
    { volumeHandle: 'nas/media' },
  ]);
  refuses(sample, [
    [{ source: '//nas' }, 'source', /share such as/],
    [{ source: '//nas/' }, 'source'],
    [{ source: '/nas/media' }, 'source'],
    [{ source: '\\\\nas\\media' }, 'source'],
    [{ source: 'smb://nas/media' }, 'source'],
    [{ source: '//nas/media/' }, 'source'],
    [{ source: '//nas//media' }, 'source'],
    [{ source: '//user@nas/media' }, 'source'],
    [{ volumeHandle: '' }, 'volumeHandle'],
    [{ volumeMode: 'Block' }, 'volumeMode'],
  ]);

  it('makes the source of csi-driver-smb', () => {
    const { volume } = specsOf(sample, { nodeStageSecretRef: { name: 'smb' }, mountOptions: ['dir_mode=0777'] });
    expect(volume.csi).toEqual({
      driver: 'smb.csi.k8s.io',
      volumeHandle: 'data',
      volumeAttributes: { source: '//192.0.2.200/data' },
      nodeStageSecretRef: { name: 'smb', namespace: 'media' },
    });
    expect(specsOf(sample).claim.accessModes).toEqual(['ReadWriteMany']);
  });

  it('names the driver of its PersistentVolume', () => {
    const annotations = { 'example.com/owner': 'me' };
    expect(kindOf(sample).persistentVolume({ ...sample, annotations }, 'media')?.metadata.annotations).toEqual({
      'pv.kubernetes.io/provisioned-by': 'smb.csi.k8s.io',
      ...annotations,
    });
  });
});
