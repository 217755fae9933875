import { describe, expect, it } from 'vitest';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.local;

describe('local', () => {
  accepts(sample, [
    { node: 'node-a.example.com' },
    { path: '/dev/disk/by-path/pci-0000:00:1f.2-ata-1', fsType: 'ext4' },
    { volumeMode: 'Block' },
  ]);
  refuses(sample, [
    [{ node: 'Node A' }, 'node', /name of lower case/],
    [{ path: 'data' }, 'path', /absolute path/],
    [{ accessModes: ['ReadWriteMany'] }, 'accessModes[0]'],
  ]);

  it('is bound to its node', () => {
    const { volume, claim } = specsOf(sample, { fsType: 'xfs' });
    expect(volume.local).toEqual({ path: '/var/lib/data', fsType: 'xfs' });
    expect(volume.nodeAffinity).toEqual({
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-a'] }] },
        ],
      },
    });
    expect(claim.accessModes).toEqual(['ReadWriteOnce']);
  });
});
