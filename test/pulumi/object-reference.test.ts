import { expect, it } from 'vitest';
import { describeObject, resourceName } from '../../lib/pulumi/object-reference';

it.each([
  ['PersistentVolume', undefined, 'pv', 'PersistentVolume pv', 'persistent-volume-pv'],
  ['PersistentVolumeClaim', 'media', 'data', 'PersistentVolumeClaim media/data', 'persistent-volume-claim-media/data'],
  ['HTTPRoute', 'media', 'app', 'HTTPRoute media/app', 'httproute-media/app'],
])('%s has a label and a resource name from kind and name', (kind, namespace, name, told, named) => {
  const manifest = { kind, metadata: { name, ...(namespace && { namespace }) } };
  expect(describeObject(manifest)).toBe(told);
  expect(resourceName(manifest)).toBe(named);
});
