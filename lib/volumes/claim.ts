import { subdomainName } from '../core/names';
import { objectOf, oneOf } from '../core/schema';
import type { PersistentKind } from './kind';
import { type ClaimProps, claimManifest, claimShape } from './static-volume';

/** A claim whose volume a StorageClass provisions. */
export interface DynamicClaimProps extends ClaimProps {
  /** Name of the StorageClass. Default: the cluster's default class. */
  readonly storageClassName?: string;
}

/** A `DynamicClaim` in a description. */
export type DynamicClaimVolume = DynamicClaimProps & { readonly kind: 'claim' };

/** A dynamic claim. Only the cluster knows what storage its class provisions. */
export const claimKind: PersistentKind<DynamicClaimVolume> = {
  kind: 'claim',
  access: 'pod',
  schema: objectOf<DynamicClaimVolume>({
    ...claimShape,
    kind: oneOf(['claim']),
    storageClassName: subdomainName.optional(),
  }),
  networkFileSystem: () => false,
  attachable: (volume) => volume.disposable !== true,
  location: (volume, namespace) => ({ system: `claim ${volume.namespace ?? namespace}/${volume.name}` }),
  persistentVolume: () => undefined,
  persistentVolumeClaim: (volume, namespace) =>
    claimManifest(volume, namespace, 'ReadWriteOnce', { storageClassName: volume.storageClassName }),
};

/** Describes a claim whose volume a StorageClass provisions. */
export function claim(props: DynamicClaimProps): DynamicClaimVolume {
  return { kind: 'claim', ...props };
}
