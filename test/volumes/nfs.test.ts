import { describe, expect, it } from 'vitest';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.nfs;

describe('nfs', () => {
  accepts(sample, [{ server: 'nas' }, { server: 'nas.example.com' }, { server: '2001:db8::200' }, { path: '/' }]);
  refuses(sample, [
    [{ server: 'nas:/volume1' }, 'server', /without a port/],
    [{ server: '' }, 'server'],
    [{ path: 'volume1' }, 'path', /absolute path/],
    [{ path: '/volume1/../volume2' }, 'path', /absolute path/],
    [{ path: '/volume1/' }, 'path', /absolute path/],
    [{ volumeMode: 'Block' }, 'volumeMode', /"Filesystem"/],
    [{ accessModes: ['ReadWriteOncePod'] }, 'accessModes[0]'],
  ]);

  it('makes the in-tree source', () => {
    expect(specsOf(sample).volume.nfs).toEqual({ server: '192.0.2.200', path: '/volume1/data' });
    expect(specsOf(sample, { readOnly: true }).volume.nfs).toMatchObject({ readOnly: true });
  });

  it('is for many nodes unless told otherwise', () => {
    expect(specsOf(sample).claim.accessModes).toEqual(['ReadWriteMany']);
  });
});
