import { describe, expect, it } from 'vitest';
import { claimKind } from '../../lib/volumes/claim';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.claim;

describe('claim', () => {
  accepts(sample, [{ storageClassName: 'local-path' }, { disposable: true }, { accessModes: ['ReadWriteOncePod'] }]);
  refuses(sample, [
    [{ storageClassName: '' }, 'storageClassName'],
    [{ storageClassName: 'Local Path' }, 'storageClassName'],
    [{ mountOptions: ['noatime'] }, 'mountOptions', /no such property/],
    [{ volumeName: 'a' }, 'volumeName', /no such property/],
  ]);

  it('leaves the class to the cluster if none is given', () => {
    expect(specsOf(sample).claim).not.toHaveProperty('storageClassName');
    expect(specsOf(sample, { storageClassName: 'fast' }).claim.storageClassName).toBe('fast');
  });

  it('counts as a device that one node attaches, unless its data may be lost', () => {
    expect(claimKind.attachable(sample)).toBe(true);
    expect(claimKind.attachable({ ...sample, disposable: true })).toBe(false);
  });
});
