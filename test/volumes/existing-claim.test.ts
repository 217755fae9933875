import { describe, expect, it } from 'vitest';
import { isSingleWriter } from '../../lib/workload/model';
import { persistentSamples } from './samples';
import { accepts, refuses } from './tables';

const sample = persistentSamples.existingClaim;

describe('existingClaim', () => {
  accepts(sample, [{ namespace: 'tv' }, { readOnly: true }, { accessModes: ['ReadWriteMany'] }]);
  refuses(sample, [
    [{ size: '1Gi' }, 'size', /no such property/],
    [{ accessModes: ['RWX'] }, 'accessModes[0]', /"ReadWriteOnce" or/],
  ]);

  it('counts as single-writer unless told otherwise', () => {
    expect(isSingleWriter(sample)).toBe(true);
    expect(isSingleWriter({ ...sample, accessModes: ['ReadWriteMany'] })).toBe(false);
  });
});
