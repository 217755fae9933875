import { labelName, subdomainName } from './names';
import { objectOf } from './schema';

/** A Secret by its name: a description never holds what is in it. */
export interface SecretReference {
  readonly name: string;
  /** Default: the namespace of the claim. */
  readonly namespace?: string;
}

/** The reference as a PersistentVolume has it, which has no namespace of its own to fall back to. */
export function inNamespace(reference: SecretReference | undefined, namespace: string): SecretReference | undefined {
  return reference && { name: reference.name, namespace: reference.namespace ?? namespace };
}

export const secretReference = objectOf<SecretReference>({
  name: subdomainName,
  namespace: labelName.optional(),
});
