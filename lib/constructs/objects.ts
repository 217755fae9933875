import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../core/kubernetes';

/**
 * Adds a manifest to the tree. Only the manifest decides the namespace: cdk8s would give a PersistentVolume the chart's
 * namespace.
 */
export function addObject(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const { metadata, ...rest } = manifest;
  const object = new ApiObject(scope, id, { ...rest, metadata });
  if (metadata.namespace === undefined) {
    // A JSON patch does not work here: it changes only the manifest, and it would run before the user's own patches.
    (object.metadata as { namespace?: string }).namespace = undefined;
  }
  return object;
}

/**
 * Returns the namespace for a construct's objects: the one in its props, else its chart's.
 *
 * @throws Error if there is neither: a claim reference without a namespace binds nothing
 */
export function namespaceFor(scope: Construct, own: string | undefined): string {
  const namespace = own ?? Chart.of(scope).namespace;
  if (namespace === undefined) {
    throw new Error(
      `"${scope.node.path}" has no namespace: give it one in its props, or make its Chart with { namespace: 'media' }`,
    );
  }
  return namespace;
}
