import {
  claim,
  configMap,
  csi,
  democraticCsi,
  emptyDir,
  existingClaim,
  hostPath,
  type InlineVolume,
  inlineNfs,
  iscsi,
  local,
  nfs,
  nfsCsi,
  onNodes,
  type PersistentVolume,
  secret,
  smb,
} from '../../lib/volumes';

/**
 * One volume a kind, with nothing but what its kind needs. The contract test fails when a kind is missing here, so a new
 * kind adds its line and passes.
 */
export const persistentSamples: {
  readonly [Kind in PersistentVolume['kind']]: Extract<PersistentVolume, { kind: Kind }>;
} = {
  iscsi: iscsi({
    name: 'data',
    targetPortal: '192.0.2.200:3260',
    iqn: 'iqn.2000-01.com.example:data',
    lun: 1,
    size: '10Gi',
  }),
  nfs: nfs({ name: 'data', server: '192.0.2.200', path: '/volume1/data', size: '10Gi' }),
  smb: smb({ name: 'data', source: '//192.0.2.200/data', size: '10Gi' }),
  nfsCsi: nfsCsi({ name: 'data', server: '192.0.2.200', share: '/volume1/data', size: '10Gi' }),
  csi: csi({ name: 'data', driver: 'csi.example.com', size: '10Gi' }),
  democraticCsi: democraticCsi({
    name: 'data',
    targetPortal: '192.0.2.200:3260',
    iqn: 'iqn.2000-01.com.example:data',
    lun: 1,
    size: '10Gi',
    nodeAffinity: onNodes('node-a'),
  }),
  local: local({ name: 'data', node: 'node-a', path: '/var/lib/data', size: '10Gi' }),
  claim: claim({ name: 'data', size: '10Gi' }),
  existingClaim: existingClaim({ name: 'data' }),
};

/** The same of the kinds without a claim. */
export const inlineSamples: { readonly [Kind in InlineVolume['kind']]: Extract<InlineVolume, { kind: Kind }> } = {
  inlineNfs: inlineNfs({ server: '192.0.2.200', path: '/volume1/media' }),
  emptyDir: emptyDir(),
  configMap: configMap({ name: 'settings' }),
  secret: secret({ secretName: 'certificates' }),
  hostPath: hostPath({ path: '/var/lib/data' }),
};
