import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterClient, ConflictError, type LiveObject, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { UserError } from '../../../lib/spec/problems';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { until } from '../until';

let controlPlane: ControlPlane;
let client: ClusterClient;
const kubeconfig = process.env.KUBECONFIG;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  process.env.KUBECONFIG = controlPlane.kubeconfig;
  client = new ClusterClient(controlPlane.context);
  await controlPlane.kubectl(['create', 'namespace', 'media']);
});
afterAll(async () => {
  process.env.KUBECONFIG = kubeconfig;
  await controlPlane?.stop();
});

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

  it('of a dry run says what would be, and leaves nothing', async () => {
    expect(await client.create(claim, { dryRun: true })).toMatchObject({ spec: { volumeMode: 'Filesystem' } });
    expect(await client.read(named('PersistentVolumeClaim', 'created'))).toBeUndefined();
  });

  it('creates once', async () => {
    expect(await client.create(claim)).toMatchObject({ metadata: { uid: expect.any(String) } });
    await expect(client.create(claim)).rejects.toThrow(ConflictError);
    await expect(client.create(claim, { dryRun: true })).rejects.toThrow(ConflictError);
  });

  it('says what is wrong', async () => {
    const noImage = pod('x', { containers: [{ name: 'app' }] });
    await expect(client.create(noImage)).rejects.toThrow(RefusedByServer);
    await expect(client.create(noImage)).rejects.toThrow('spec.containers[0].image: Required value');
    const elsewhere = { ...pod('x'), metadata: { name: 'x', namespace: 'nowhere' } };
    await expect(client.create(elsewhere, { dryRun: true })).rejects.toThrow('there is no namespace "nowhere"');
    expect(await client.create(unknown)).toBeUndefined();
    await expect(client.write(unknown)).rejects.toThrow(
      "Nothing x can't be written: the cluster does not know this kind",
    );
  });

  it('is refused by what admits, and told from who may not ask', async () => {
    const full = { ...named('ResourceQuota', 'full'), spec: { hard: { pods: '0' } } } as LiveObject;
    await client.create(full);
    const refusal = () => client.create(pod('x'), { dryRun: true }).catch((error: Error) => error);
    await until('the quota counts', 30, async () => String(await refusal()).includes('exceeded quota: full'));
    expect(await refusal()).toBeInstanceOf(RefusedByServer);
    await client.delete(named('ResourceQuota', 'full'));
    await until('the quota is gone', 30, async () => !((await refusal()) instanceof Error));
    const stranger = await controlPlane.kubectl(['create', 'token', 'default', '-n', 'media']);
    await controlPlane.kubectl(['config', 'set-credentials', 'stranger', `--token=${stranger.trim()}`]);
    const { clusters } = JSON.parse(await controlPlane.kubectl(['config', 'view', '-o', 'json'])) as {
      clusters: [{ name: string }];
    };
    await controlPlane.kubectl([
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
  const patched = (spec: object) => client.patch({ ...named('Deployment', 'patched', 'apps/v1'), spec } as LiveObject);

  it('changes what it names, takes away what it says is null, and signs it', async () => {
    await client.create(deployment);
    await patched({ replicas: 2 });
    const live = await patched({
      strategy: { type: 'Recreate', rollingUpdate: null },
      template: { spec: { nodeSelector: null } },
    });
    expect(live).toMatchObject({ spec: { replicas: 2, strategy: { type: 'Recreate' } } });
    expect(JSON.stringify(live?.spec)).not.toMatch(/rollingUpdate|nodeSelector/);
    expect(live?.metadata?.managedFields?.map(({ manager }) => manager)).toContain('lunward');
  });

  it('says what is wrong, and what is not there', async () => {
    await expect(patched({ selector: { matchLabels: { app: 'other' } } })).rejects.toThrow(RefusedByServer);
    expect(await client.patch({ ...named('Deployment', 'none', 'apps/v1'), spec: {} } as LiveObject)).toBeUndefined();
  });
});

describe('delete', () => {
  it('deletes once, and only the one that is meant', async () => {
    const object = named('ConfigMap', 'deleted');
    const created = await client.create(object as LiveObject);
    await expect(client.delete(object, { uid: '00000000-0000-0000-0000-000000000000' })).rejects.toThrow(ConflictError);
    expect(await client.delete(object, { uid: created?.metadata?.uid ?? '' })).toBe(true);
    expect(await client.read(object)).toBeUndefined();
    expect(await client.delete(object)).toBe(false);
    expect(await client.delete(unknown as Parameters<ClusterClient['delete']>[0])).toBe(false);
  });

  it('takes what an object owns as well, and a pod its time', async () => {
    await client.create(pod('owned', { terminationGracePeriodSeconds: 1 }));
    expect(await client.delete(named('Pod', 'owned'))).toBe(true);
    await until('it is gone', 30, async () => (await client.read(named('Pod', 'owned'))) === undefined);
    expect(await client.delete(named('Deployment', 'patched', 'apps/v1'))).toBe(true);
    await until('its pods are gone', 60, async () => (await client.list('Pod', 'media')).length === 0);
  });
});

describe('log', () => {
  it('is empty before a pod is on a node, and of none', async () => {
    await client.create(pod('waiting', { nodeSelector: { no: 'node' } }));
    expect(await client.log('media', 'waiting', 'app', { sinceSeconds: 60, limitBytes: 100 })).toBe('');
    expect(await client.log('media', 'none', 'app')).toBe('');
  });

  it('fails where a kubelet gives no answer', async () => {
    await client.create(pod('emulated'));
    await until('it runs', 30, async () =>
      JSON.stringify(await client.read(named('Pod', 'emulated'))).includes('"phase":"Running"'),
    );
    await expect(client.log('media', 'emulated', 'app', { previous: true })).rejects.toThrow(UserError);
    await expect(client.log('media', 'emulated', 'other')).rejects.toThrow(
      new RefusedByServer('container other is not valid for pod emulated'),
    );
  });
});
