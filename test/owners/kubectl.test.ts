import { expect, it } from 'vitest';
import { type ClusterClient, ConflictError, type LiveObject } from '../../lib/kubernetes/cluster-client';
import { KubectlOwner } from '../../lib/owners/kubectl';
import { describedFolder } from '../cli/description';
import { image, share, untyped } from '../helpers';

const folder = describedFolder();

/** A cluster in which a first request to create a PersistentVolume had no answer, and arrives just before the second. */
class LateCluster {
  readonly objects = new Map<string, LiveObject>();

  get client(): ClusterClient {
    const key = ({ kind, metadata }: LiveObject) => `${kind}/${metadata?.name}`;
    return untyped({
      read: async (object: LiveObject) => this.objects.get(key(object)),
      create: async (object: LiveObject) => {
        this.objects.set(key(object), untyped({ ...object, status: { phase: 'Bound' } }));
        if (object.kind === 'PersistentVolume') throw new ConflictError(`${key(object)} already exists`);
        return object;
      },
      write: async (object: LiveObject) => {
        this.objects.set(key(object), object);
        return object;
      },
    });
  }
}

it('accepts a volume that exists by now as the one that it would create', async () => {
  folder.describe({ namespace: 'media', apps: { app: { image, config: share('config') } } });
  const cluster = new LateCluster();
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'media' } };
  cluster.objects.set('Deployment/app', untyped({ ...deployment, spec: { replicas: 1 } }));
  await new KubectlOwner(cluster.client, folder.at('cluster.ts'), 'app').switchClaim();
  expect([...cluster.objects.keys()].sort()).toEqual([
    'Deployment/app',
    'PersistentVolume/config',
    'PersistentVolumeClaim/config',
  ]);
});
