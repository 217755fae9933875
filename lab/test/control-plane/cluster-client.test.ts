import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { ClusterClient, ConflictError, type LiveObject, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { until } from '../until';
import { useControlPlane } from './fixture';

const fixture = useControlPlane('media');

const named = (kind: string, name: string, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'media' },
});
const pod = (name: string, spec = {}) =>
  ({
    ...named('Pod', name),
    spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }], ...spec },
  }) as LiveObject;
const unknown = { apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'x' } } as LiveObject;

describe('create', () => {
  const claim = {
    ...named('PersistentVolumeClaim', 'created'),
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
  } as LiveObject;

  it('as a dry run returns the result, and leaves nothing', async () => {
    expect(await fixture.client.create(claim, { dryRun: true })).toMatchObject({ spec: { volumeMode: 'Filesystem' } });
    expect(await fixture.client.read(named('PersistentVolumeClaim', 'created'))).toBeUndefined();
  });

  it('creates once', async () => {
    expect(await fixture.client.create(claim)).toMatchObject({ metadata: { uid: expect.any(String) } });
    await expect(fixture.client.create(claim)).rejects.toThrow(ConflictError);
    await expect(fixture.client.create(claim, { dryRun: true })).rejects.toThrow(ConflictError);
  });

  it('reports what is wrong', async () => {
    const noImage = pod('x', { containers: [{ name: 'app' }] });
    await expect(fixture.client.create(noImage)).rejects.toThrow(RefusedByServer);
    await expect(fixture.client.create(noImage)).rejects.toThrow('spec.containers[0].image: Required value');
    const elsewhere = { ...pod('x'), metadata: { name: 'x', namespace: 'nowhere' } };
    await expect(fixture.client.create(elsewhere, { dryRun: true })).rejects.toThrow('there is no namespace "nowhere"');
    expect(await fixture.client.create(unknown)).toBeUndefined();
    await expect(fixture.client.write(unknown)).rejects.toThrow(
      "Nothing x can't be written: the cluster does not know this kind",
    );
  });

  it('is refused by admission, which differs from missing permission', async () => {
    const full = { ...named('ResourceQuota', 'full'), spec: { hard: { pods: '0' } } } as LiveObject;
    await fixture.client.create(full);
    const refusal = () => fixture.client.create(pod('x'), { dryRun: true }).catch((error: Error) => error);
    await until('the quota counts', 240, async () => String(await refusal()).includes('exceeded quota: full'));
    expect(await refusal()).toBeInstanceOf(RefusedByServer);
    await fixture.client.delete(named('ResourceQuota', 'full'));
    await until('the quota is gone', 240, async () => !((await refusal()) instanceof Error));
    const stranger = await fixture.controlPlane.kubectl(['create', 'token', 'default', '-n', 'media']);
    await fixture.controlPlane.kubectl(['config', 'set-credentials', 'stranger', `--token=${stranger.trim()}`]);
    const { clusters } = JSON.parse(await fixture.controlPlane.kubectl(['config', 'view', '-o', 'json'])) as {
      clusters: [{ name: string }];
    };
    await fixture.controlPlane.kubectl([
      'config',
      'set-context',
      'stranger',
      '--user=stranger',
      `--cluster=${clusters[0].name}`,
    ]);
    const asStranger = new ClusterClient('stranger').create(pod('x'), { dryRun: true });
    await expect(asStranger).rejects.toThrow(UserError);
    await expect(asStranger).rejects.toThrow(
      'The API server of context "stranger" can\'t be asked: pods is forbidden: User "system:serviceaccount:media:default" cannot create',
    );
  });
});

describe('patch', () => {
  const labels = { app: 'patched' };
  const deployment = {
    ...named('Deployment', 'patched', 'apps/v1'),
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }], nodeSelector: { a: 'b' } },
      },
    },
  } as LiveObject;
  const patched = (spec: object) =>
    fixture.client.patch({ ...named('Deployment', 'patched', 'apps/v1'), spec } as LiveObject);

  it('changes the named fields, removes null ones, and sets the field manager', async () => {
    await fixture.client.create(deployment);
    await patched({ replicas: 2 });
    const live = await patched({
      strategy: { type: 'Recreate', rollingUpdate: null },
      template: { spec: { nodeSelector: null } },
    });
    expect(live).toMatchObject({ spec: { replicas: 2, strategy: { type: 'Recreate' } } });
    expect(JSON.stringify(live?.spec)).not.toMatch(/rollingUpdate|nodeSelector/);
    expect(live?.metadata?.managedFields?.map(({ manager }) => manager)).toContain('lunward');
  });

  it('reports what is wrong, and what does not exist', async () => {
    await expect(patched({ selector: { matchLabels: { app: 'other' } } })).rejects.toThrow(RefusedByServer);
    expect(
      await fixture.client.patch({ ...named('Deployment', 'none', 'apps/v1'), spec: {} } as LiveObject),
    ).toBeUndefined();
  });
});

describe('delete', () => {
  it('deletes once, and only the given object', async () => {
    const object = named('ConfigMap', 'deleted');
    const created = await fixture.client.create(object as LiveObject);
    await expect(fixture.client.delete(object, { uid: '00000000-0000-0000-0000-000000000000' })).rejects.toThrow(
      ConflictError,
    );
    expect(await fixture.client.delete(object, { uid: created?.metadata?.uid ?? '' })).toBe(true);
    expect(await fixture.client.read(object)).toBeUndefined();
    expect(await fixture.client.delete(object)).toBe(false);
    expect(await fixture.client.delete(unknown as Parameters<ClusterClient['delete']>[0])).toBe(false);
  });

  it('deletes what an object owns too, and gives a pod its grace period', async () => {
    await fixture.client.create(pod('owned', { terminationGracePeriodSeconds: 1 }));
    expect(await fixture.client.delete(named('Pod', 'owned'))).toBe(true);
    await until('it is gone', 240, async () => (await fixture.client.read(named('Pod', 'owned'))) === undefined);
    expect(await fixture.client.delete(named('Deployment', 'patched', 'apps/v1'))).toBe(true);
    await until('its pods are gone', 240, async () => (await fixture.client.list('Pod', 'media')).length === 0);
  });
});

describe('log', () => {
  it('is empty before a pod is on a node, and without a pod', async () => {
    await fixture.client.create(pod('waiting', { nodeSelector: { no: 'node' } }));
    expect(await fixture.client.log('media', 'waiting', 'app', { sinceSeconds: 60, limitBytes: 100 })).toBe('');
    expect(await fixture.client.log('media', 'none', 'app')).toBe('');
  });

  it('fails if a kubelet does not answer', async () => {
    await fixture.client.create(pod('emulated'));
    await until('it runs', 240, async () =>
      JSON.stringify(await fixture.client.read(named('Pod', 'emulated'))).includes('"phase":"Running"'),
    );
    await expect(fixture.client.log('media', 'emulated', 'app', { previous: true })).rejects.toThrow(UserError);
    await expect(fixture.client.log('media', 'emulated', 'other')).rejects.toThrow(
      new RefusedByServer('container other is not valid for pod emulated'),
    );
  });
});
