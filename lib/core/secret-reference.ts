import { labelName, subdomainName } from './names';
import { objectOf } from './schema';

/** A reference to a Secret by name. A description never contains the Secret's data. */
export interface SecretReference {
  readonly name: string;
  /** Default: the namespace of the claim. */
  readonly namespace?: string;
}

/** Returns the reference with a namespace. A PersistentVolume has no namespace of its own to fall back to. */
export function inNamespace(reference: SecretReference | undefined, namespace: string): SecretReference | undefined {
  return reference && { name: reference.name, namespace: reference.namespace ?? namespace };
}

/** Schema of a reference to a Secret. */
export const secretReference = objectOf<SecretReference>({
  name: subdomainName,
  namespace: labelName.optional(),
});
