import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../core/kubernetes';

/** Adds a manifest to the tree. The namespace is the manifest's alone: cdk8s stamps the chart's on a PersistentVolume too. */
export function addObject(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const { metadata, ...rest } = manifest;
  const object = new ApiObject(scope, id, { ...rest, metadata });
  if (metadata.namespace === undefined) {
    // Not by a JSON patch: a patch is seen in the manifest alone, and would come before the user's own.
    (object.metadata as { namespace?: string }).namespace = undefined;
  }
  return object;
}

/**
 * The namespace that a construct's objects go to: the one its props say, else its chart's.
 *
 * @throws Error when neither says one, for a claim reference without a namespace would bind nothing.
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
