import { compact } from '../core/kubernetes';
import { subdomainName } from '../core/names';
import { objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';
import { type ProjectedFilesProps, projectedFilesShape } from './projected-files';

/** The entries of a ConfigMap as files. */
export interface ConfigMapProps extends ProjectedFilesProps {
  /** Name of the ConfigMap. */
  readonly name: string;
}

/** A `configMap` volume in a description. */
export type ConfigMapVolume = ConfigMapProps & { readonly kind: 'configMap' };

/** The entries of a ConfigMap as files. */
export const configMapKind: InlineKind<ConfigMapVolume> = {
  kind: 'configMap',
  schema: objectOf<ConfigMapVolume>({ ...projectedFilesShape, kind: oneOf(['configMap']), name: subdomainName }),
  source: ({ name, items, defaultMode, optional }) => ({
    configMap: compact({ name, items: items && [...items], defaultMode, optional }),
  }),
};

/** Describes a volume with the entries of a ConfigMap as files. */
export function configMap(props: ConfigMapProps): ConfigMapVolume {
  return { kind: 'configMap', ...props };
}
