import {
  type CatalogApp,
  catalog,
  defineCluster,
  inlineKinds,
  iscsi,
  type Manifest,
  type MediaAppProps,
  type PersistentVolume,
  persistentKinds,
  synthesizeCluster,
} from 'lunward';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineSamples, persistentSamples } from '../../../test/volumes/samples';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';

let controlPlane: ControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  await controlPlane.kubectl(['create', 'namespace', 'media']);
});

afterAll(() => controlPlane?.stop());

/** What the API server says of manifests: unknown fields are errors here, where `kubectl apply` only warns. */
async function validate(manifests: readonly Manifest[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  return controlPlane.kubectl(['create', '--dry-run=server', '--validate=strict', '--filename', '-'], list);
}

const config = (name: string): PersistentVolume =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: `iqn.2000-01.com.example:${name}`, lun: 1, size: '1Gi' });

function manifestsOf(app: MediaAppProps): readonly Manifest[] {
  const cluster = defineCluster({ namespace: { name: 'media', existing: true }, apps: { app } });
  return synthesizeCluster(cluster).manifests.app ?? [];
}

test('the server refuses what it does not know, so that the other tests can fail', async () => {
  const [deployment] = manifestsOf({ image: 'example.com/app:1' });
  const slip = { ...deployment, spec: { ...deployment?.spec, replica: 1 } } as Manifest;
  await expect(validate([slip])).rejects.toThrow(/replica/);
});

test.each(Object.entries(catalog) as [string, CatalogApp][])('%s passes server-side validation', async (name, app) => {
  const manifests = manifestsOf(
    app({
      image: `example.com/${name}:1.0`,
      config: config(`${name}-config`),
      ingress: { hosts: [`${name}.example.com`], tlsSecretName: `${name}-tls` },
      httpRoute: { parentRefs: [{ name: 'gateway' }], hostnames: [`${name}.example.com`] },
    }),
  );
  const answer = await validate(manifests);
  expect(answer.trim().split('\n')).toHaveLength(manifests.length);
});

test.each(Object.keys(persistentKinds))('volume kind %s passes server-side validation', async (kind) => {
  const samples = persistentSamples[kind as keyof typeof persistentSamples];
  for (const sample of [samples].flat()) {
    await validate(manifestsOf({ image: 'example.com/app:1', mounts: { '/data': sample as PersistentVolume } }));
  }
});

test.each(Object.keys(inlineKinds))('volume kind %s passes server-side validation', async (kind) => {
  const samples = inlineSamples[kind as keyof typeof inlineSamples];
  for (const sample of [samples].flat()) {
    await validate(manifestsOf({ image: 'example.com/app:1', mounts: { '/data': sample as never } }));
  }
});
