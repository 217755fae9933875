import { describe, expect, it } from 'vitest';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.nfsCsi;

describe('nfsCsi', () => {
  accepts(sample, [{ server: 'nas' }, { share: '/' }, { volumeHandle: 'nas/volume1/data' }]);
  refuses(sample, [
    [{ server: 'nas/volume1' }, 'server'],
    [{ share: 'volume1' }, 'share', /absolute path/],
    [{ path: '/volume1' }, 'path', /no such property/],
  ]);

  it('makes the source of csi-driver-nfs', () => {
    expect(specsOf(sample, { volumeName: 'data-volume' }).volume.csi).toEqual({
      driver: 'nfs.csi.k8s.io',
      volumeHandle: 'data-volume',
      volumeAttributes: { server: '192.0.2.200', share: '/volume1/data' },
    });
    expect(specsOf(sample, { volumeHandle: 'mine' }).volume.csi).toMatchObject({ volumeHandle: 'mine' });
    expect(specsOf(sample).claim.accessModes).toEqual(['ReadWriteMany']);
  });
});
