import type { Manifest } from '../core/kubernetes';

/** Kind, namespace and name, as messages and lists show an object: `Deployment media/jellyfin`. */
export function describeObject({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** Pulumi's name of an object: kind, namespace and name, so that no edit elsewhere in a description renames it. */
export function resourceName({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string {
  const word = kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `${word}-${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}
