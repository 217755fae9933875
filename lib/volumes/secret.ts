import { compact } from '../core/kubernetes';
import { subdomainName } from '../core/names';
import { objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';
import { type ProjectedFilesProps, projectedFilesShape } from './projected-files';

/** The entries of a Secret as files. */
export interface SecretProps extends ProjectedFilesProps {
  /** Name of the Secret. */
  readonly secretName: string;
}

/** A `secret` volume in a description. */
export type SecretVolume = SecretProps & { readonly kind: 'secret' };

/** The entries of a Secret as files. */
export const secretKind: InlineKind<SecretVolume> = {
  kind: 'secret',
  schema: objectOf<SecretVolume>({ ...projectedFilesShape, kind: oneOf(['secret']), secretName: subdomainName }),
  source: ({ secretName, items, defaultMode, optional }) => ({
    secret: compact({ secretName, items: items && [...items], defaultMode, optional }),
  }),
};

/** Describes a volume with the entries of a Secret as files. */
export function secret(props: SecretProps): SecretVolume {
  return { kind: 'secret', ...props };
}
