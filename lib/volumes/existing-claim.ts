import { labelName, subdomainName } from '../core/names';
import { flag, objectOf, oneOf } from '../core/schema';
import type { PersistentKind } from './kind';
import { type AccessMode, accessModes, accessModesOf } from './static-volume';

/** A claim that Lunward does not create: a chart, another repository or an operator does. */
export interface ExistingClaimProps {
  /** Name of the PersistentVolumeClaim. */
  readonly name: string;
  /** Namespace of the claim. Default: the app's. */
  readonly namespace?: string;
  /**
   * The claim's access modes. Lunward does not read them from the cluster. Default: `ReadWriteOnce`, the cautious
   * guess.
   */
  readonly accessModes?: readonly AccessMode[];
  /** Pods mount it read-only. Default: `false`. */
  readonly readOnly?: boolean;
}

/** An `existingClaim` volume in a description. */
export type ExistingClaimVolume = ExistingClaimProps & { readonly kind: 'existingClaim' };

/** An existing claim. Lunward uses it and never creates or changes it. */
export const existingClaimKind: PersistentKind<ExistingClaimVolume> = {
  kind: 'existingClaim',
  access: 'pod',
  schema: objectOf<ExistingClaimVolume>({
    kind: oneOf(['existingClaim']),
    name: subdomainName,
    namespace: labelName.optional(),
    accessModes: accessModesOf(...accessModes),
    readOnly: flag.optional(),
  }),
  networkFileSystem: () => false,
  attachable: () => true,
  location: (volume, namespace) => ({ system: `claim ${volume.namespace ?? namespace}/${volume.name}` }),
  persistentVolume: () => undefined,
  persistentVolumeClaim: () => undefined,
};

/** Describes a claim that Lunward does not create. */
export function existingClaim(props: ExistingClaimProps): ExistingClaimVolume {
  return { kind: 'existingClaim', ...props };
}
