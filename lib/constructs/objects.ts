import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../spec/kubernetes';

/** Adds a manifest to the tree. The namespace is the manifest's alone: cdk8s would stamp the chart's on a PersistentVolume too. */
export function addObject(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const { metadata, ...rest } = manifest;
  return new ApiObject(scope, id, { ...rest, metadata: { namespace: undefined, ...metadata } });
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
