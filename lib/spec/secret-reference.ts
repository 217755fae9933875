import { labelName, subdomainName } from './names';
import { objectOf } from './schema';

/** A Secret by its name: a description never holds what is in it. */
export interface SecretReference {
  readonly name: string;
  /** Default: the namespace of the claim. */
  readonly namespace?: string;
}

export const secretReference = objectOf<SecretReference>({
  name: subdomainName,
  namespace: labelName.optional(),
});
