import { isDeepStrictEqual } from 'node:util';
import { type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../core/kubernetes';
import { throwProblems } from '../core/problems';
import { addObject } from './objects';

interface MadeObject {
  readonly object: ApiObject;
  /** The manifest without the labels of an app. */
  readonly manifest: Manifest;
  /** Label keys that come from the app that created the object. */
  readonly labels: readonly string[];
  /** Path of the construct that created the object. */
  readonly maker: string;
}

/** The volume objects of each chart, by kind, namespace and name. */
const madeIn = new WeakMap<Chart, Map<string, MadeObject>>();

/**
 * Adds an object of a volume to the tree, or returns the one that the chart already has: two apps that mount one volume
 * share its objects.
 *
 * @param labelled the same manifest with the labels of the app that owns it. A volume of two constructs belongs to no
 * app, so it has none of these labels.
 * @throws DescriptionError if the chart has a different object of this kind and name
 */
export function volumeObject(scope: Construct, id: string, manifest: Manifest, labelled = manifest): ApiObject {
  const { kind, metadata } = manifest;
  const key = `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  const made = objectsOf(Chart.of(scope));
  const before = made.get(key);
  if (!before) {
    const own = metadata.labels ?? {};
    const labels = Object.keys(labelled.metadata.labels ?? {}).filter((label) => !(label in own));
    const object = addObject(scope, id, labelled);
    made.set(key, { object, manifest, labels, maker: scope.node.path });
    return object;
  }
  requireSame(scope, key, manifest, before);
  removeLabels(before);
  return before.object;
}

function objectsOf(chart: Chart): Map<string, MadeObject> {
  const made = madeIn.get(chart) ?? new Map<string, MadeObject>();
  madeIn.set(chart, made);
  return made;
}

function requireSame(scope: Construct, key: string, manifest: Manifest, before: MadeObject): void {
  if (isDeepStrictEqual(manifest, before.manifest)) return;
  throwProblems(`"${scope.node.path}"`, [
    {
      path: key,
      value: 'other props',
      expected: `the props that "${before.maker}" gives the volume of this name`,
      remedy: 'give both the same props, or one of them another name',
    },
  ]);
}

// cdk8s can add labels but not remove them.
function removeLabels({ object, labels }: MadeObject): void {
  const { labels: present } = object.metadata as unknown as { readonly labels: Record<string, string> };
  for (const label of labels) delete present[label];
}
