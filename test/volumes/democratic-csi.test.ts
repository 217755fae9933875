import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../lib/core/schema';
import { democraticCsiKind } from '../../lib/volumes/democratic-csi';
import { persistentSamples } from './samples';
import { accepts, refuses, specsOf } from './tables';

const sample = persistentSamples.democraticCsi;

describe('democraticCsi', () => {
  accepts(sample, [{ lun: 0 }, { portals: ['192.0.2.201:3260'] }, { fsType: 'xfs' }, { driver: 'iscsi.example.com' }]);
  refuses(sample, [
    [{ lun: '1' }, 'lun', /integer/],
    [{ lun: 256 }, 'lun'],
    [{ targetPortal: 'nas:3260' }, 'targetPortal'],
    [{ nodeAffinity: undefined }, 'nodeAffinity', /nodes that may mount it/],
  ]);

  it('says how to set the nodes, and why', () => {
    const [problem] = problemsOf(democraticCsiKind.schema, { ...sample, nodeAffinity: undefined }, 'v');
    expect(problem?.remedy).toMatch(/onNodes\('node-a'\).*second node/);
  });

  it('makes the attributes of node-manual, with the LUN as a string', () => {
    const { volume } = specsOf(sample, { portals: ['192.0.2.201:3260', '192.0.2.202:3260'] });
    expect(volume.csi).toEqual({
      driver: 'org.democratic-csi.node-manual',
      volumeHandle: 'data',
      fsType: 'ext4',
      volumeAttributes: {
        portal: '192.0.2.200:3260',
        portals: '192.0.2.201:3260,192.0.2.202:3260',
        iqn: 'iqn.2000-01.com.example:data',
        lun: '1',
        node_attach_driver: 'iscsi',
        provisioner_driver: 'node-manual',
      },
    });
    expect(volume.nodeAffinity).toEqual({
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-a'] }] },
        ],
      },
    });
  });

  it('has no file system on a block device', () => {
    expect(specsOf(sample, { volumeMode: 'Block' }).volume.csi).not.toHaveProperty('fsType');
  });
});
