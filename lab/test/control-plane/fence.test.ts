import type { CoreV1Event } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type LiveObject, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { canFence, compareFence, type FenceProps, liftFence, putFence } from '../../../lib/kubernetes/fence';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { retryOnConflict } from '../../../lib/kubernetes/retry-on-conflict';
import type { Journal } from '../../../lib/migration/journal/journal';
import { settleFence } from '../../../lib/migration/settle/settle';
import { inlineNfs, iscsi, nfs as nfsVolume } from '../../../lib/volumes';
import { resolveApp } from '../../../lib/workload/model';
import { untyped } from '../../../test/helpers';
import { fenceEdits } from '../../../test/kubernetes/fence-edits';
import { until } from '../until';
import { useControlPlane } from './fixture';

const server = '192.0.2.200';
const folder = '/volume2/kube-nfs/v/jellyfin-config';
const fence: FenceProps = {
  app: 'jellyfin',
  namespace: 'media',
  claims: ['jellyfin-config'],
  nfs: [
    { server, path: folder },
    { server: '2001:db8::200', path: folder },
    { server: 'nas.example.com', path: folder },
  ],
  luns: [{ iqn: 'iqn.2000-01.com.example:jellyfin', lun: 1 }],
  message: 'jellyfin-config has moved to jellyfin-config-2:\nits "old" claim is kept as it was',
  workloads: false,
};
const denied =
  /ValidatingAdmissionPolicy 'lunward-media.jellyfin' with binding 'lunward-media.jellyfin' denied request: jellyfin-config has moved to jellyfin-config-2: its "old" claim is kept as it was \(fence [0-9a-f]{8}\)$/;

const disk = { targetPortal: `${server}:3260`, iqn: 'iqn.2000-01.com.example:apps', size: '1Gi' };
const fixture = useControlPlane('media', 'test');

const claim = (claimName: string) => ({ persistentVolumeClaim: { claimName } });
const nfs = (path: string, of = server) => ({ nfs: { server: of, path } });
const lun = (iqn: string, number = 1) => ({ iscsi: { targetPortal: `${server}:3260`, iqn, lun: number } });
const podSpec = (volumes: readonly object[]) => ({
  containers: [{ name: 'app', image: 'registry.example.com/app:1' }],
  volumes: volumes.map((source, index) => ({ name: `v${index}`, ...source })),
});
const pod = (volumes: readonly object[], namespace = 'media') =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace }, spec: podSpec(volumes) }) as LiveObject;
const workload = (kind: string, name: string, volumes: readonly object[], more = {}) => {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(volumes) };
  const spec = { selector: { matchLabels: labels }, template, ...more };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'media' }, spec } as LiveObject;
};
const named = ({ apiVersion = '', kind = '', metadata }: LiveObject) => ({
  apiVersion,
  kind,
  metadata: { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' },
});

/** Why the server refuses to create an object; undefined if it would create it. */
async function refusal(object: LiveObject): Promise<string | undefined> {
  try {
    await fixture.client.create(object, { dryRun: true });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(RefusedByServer);
    return (error as Error).message;
  }
}
const isLetIn = () =>
  until('it is let in', 240, async () => (await refusal(pod([claim('jellyfin-config')]))) === undefined);

test('support for a fence is detected without a change', async () => {
  expect(await canFence(fixture.client)).toBe(true);
});

describe('a fence in force', () => {
  beforeAll(async () => {
    expect(await putFence(fixture.client, fence)).toBe('in force');
  });
  afterAll(() => liftFence(fixture.client, fence));

  it.each<[string, readonly object[]]>([
    ['the old claim', [claim('jellyfin-config')]],
    ['the old claim among others', [{ emptyDir: {} }, claim('jellyfin-config-2'), claim('jellyfin-config')]],
    ['the old folder inline', [nfs(folder)]],
    ['the export above it', [nfs('/volume2/kube-nfs')]],
    ['all of the server', [nfs('/')]],
    ['a folder in it', [nfs(`${folder}/data`)]],
    ['the old LUN inline', [lun('iqn.2000-01.com.example:Jellyfin')]],
    ['it, spelled otherwise', [nfs('//volume2/kube-nfs/./v/jellyfin-config/')]],
    ['it by IPv4 within IPv6', [nfs(folder, '::FFFF:192.0.2.200')]],
    ['it by IPv6', [nfs(folder, '2001:db8::200')]],
    ['it by IPv6 in brackets', [nfs(folder, '[2001:db8::200]')]],
    ['it by IPv6 in another spelling', [nfs(`${folder}/data`, '2001:0DB8:0:0::0200')]],
    ['it by a name in another spelling', [nfs(folder, 'NAS.example.com.')]],
  ])('refuses pods that mount %s', async (_, volumes) => {
    expect(await refusal(pod(volumes))).toMatch(denied);
  });

  it.each<[string, readonly object[]]>([
    ['nothing', []],
    ['the new claim, and other kinds', [claim('jellyfin-config-2'), { emptyDir: {} }, { hostPath: { path: '/srv' } }]],
    ['another LUN of its target', [lun('iqn.2000-01.com.example:jellyfin', 2)]],
    ['a folder beside it', [nfs('/volume2/kube-nfs/v/jellyfin-config-2')]],
    ['media of the same server', [nfs('/volume1/media')]],
    ['the same folder of another server', [nfs(folder, '192.0.2.201')]],
    ['the same folder of another IPv6 server', [nfs(folder, '2001:db8::2:200')]],
  ])('lets in pods that mount %s', async (_, volumes) => {
    expect(await refusal(pod(volumes))).toBeUndefined();
  });

  it('applies to its namespace', async () => {
    expect(await refusal(pod([claim('jellyfin-config'), nfs(folder)], 'test'))).toBeUndefined();
  });

  it('made no pod', async () => {
    expect(await fixture.client.list('Pod', 'media')).toEqual([]);
  });

  it('has expressions that the cluster accepts without a warning', async () => {
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'lunward-media.jellyfin' },
    };
    const status = await until(
      'the cluster has checked it',
      240,
      async () =>
        (await fixture.client.read(policy)) as { status?: { typeChecking?: { expressionWarnings?: unknown } } },
      (found) => found.status?.typeChecking !== undefined,
    );
    expect(status.status?.typeChecking?.expressionWarnings).toBeUndefined();
  });

  it('stays the same when it is applied again', async () => {
    const versions = async () =>
      (
        await fixture.controlPlane.kubectl([
          'get',
          'validatingadmissionpolicies,validatingadmissionpolicybindings',
          '-o',
          'yaml',
        ])
      )
        .split('\n')
        .filter((line) => line.includes('resourceVersion'));
    const before = await versions();
    expect(before).toHaveLength(3);
    expect(await putFence(fixture.client, fence)).toBe('in force');
    expect(await versions()).toEqual(before);
  });
});

describe('a fence that is compared with the required one', () => {
  const refs = fenceRefs(fence);
  const compared = (wanted: FenceProps = fence) => compareFence(fixture.client, wanted);
  const read = async (of: keyof typeof refs) => (await fixture.client.read(refs[of])) as LiveObject;
  /** A controller writes its check of the expressions into the status meanwhile. */
  const write = (of: keyof typeof refs, edit: (spec: LiveObject['spec']) => object | undefined) =>
    retryOnConflict(async () => {
      const live = await read(of);
      return fixture.client.write({ ...live, spec: edit(structuredClone(live.spec)) } as LiveObject);
    });

  beforeAll(() => putFence(fixture.client, fence));
  afterAll(() => liftFence(fixture.client, fence));

  it('is in place as the API server has it, with its defaults', async () => {
    expect(await compared()).toBe('in place');
    expect((await read('policy')).spec).toMatchObject({ matchConstraints: { matchPolicy: 'Equivalent' } });
  });

  it.each<[string, Partial<FenceProps>]>([
    ['another claim', { claims: ['jellyfin-config-2'] }],
    ['Deployments', { workloads: true }],
    ['another message', { message: 'two' }],
    ['the record of a cut-over', { annotations: { 'lunward/cutover': '{}' } }],
  ])('differs where %s is required, and is in place once that was put', async (_, more) => {
    expect(await compared({ ...fence, ...more })).toBe('different');
    await putFence(fixture.client, { ...fence, ...more });
    expect(await compared({ ...fence, ...more })).toBe('in place');
    expect(await compared()).toBe(more.annotations ? 'in place' : 'different');
    await putFence(fixture.client, fence);
  });

  it.each(fenceEdits)('differs with %s of its %s', async (_, of, edit) => {
    const { spec } = await read(of);
    await write(of, (live) => edit(live as never));
    expect(await compared()).toBe('different');
    await write(of, () => spec);
    expect(await compared()).toBe('in place');
  });

  it('works again when it is put over every edit', async () => {
    for (const [, of, edit] of fenceEdits) await write(of, (live) => edit(live as never));
    expect(await putFence(fixture.client, fence)).toBe('in force');
    expect(await compared()).toBe('in place');
  });

  it.each(['binding', 'policy'] as const)(
    'is missing without its %s, and left over where none is required',
    async (of) => {
      await fixture.client.delete(refs[of]);
      expect(await compared()).toBe('missing');
      expect(await compareFence(fixture.client, { app: fence.app, namespace: fence.namespace })).toBe('left over');
      await putFence(fixture.client, fence);
      expect(await compared()).toBe('in place');
    },
  );

  it('is as required where none is, and there is none', async () => {
    expect(await compareFence(fixture.client, { app: 'other', namespace: fence.namespace })).toBe('in place');
  });
});

describe('a Deployment of the old claim', () => {
  const old = workload('Deployment', 'old', [claim('jellyfin-config')], { replicas: 0 });
  const other = workload('Deployment', 'other', [claim('jellyfin-config-2'), nfs('/volume1/media')], { replicas: 0 });

  beforeAll(async () => {
    for (const deployment of [old, other]) await fixture.client.create(deployment);
  });
  afterAll(() => liftFence(fixture.client, fence));

  it('can be changed during the move, and creates no pod', async () => {
    await putFence(fixture.client, fence);
    expect(await fixture.client.patch({ ...named(old), spec: { replicas: 1 } } as LiveObject)).toMatchObject({
      spec: { replicas: 1 },
    });
    await until('its pod is refused', 240, async () => {
      const events = await fixture.client.list<CoreV1Event>('Event', 'media');
      return events.some(({ reason, message = '' }) => reason === 'FailedCreate' && denied.test(message));
    });
    await fixture.client.patch({ ...named(old), spec: { replicas: 0 } } as LiveObject);
  });

  it('is refused afterwards, and no other Deployment is', async () => {
    await putFence(fixture.client, { ...fence, workloads: true });
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet']) {
      const more = kind === 'StatefulSet' ? { serviceName: 'x' } : {};
      expect(await refusal(workload(kind, 'new', [claim('jellyfin-config')], more))).toMatch(denied);
      expect(await refusal(workload(kind, 'new', [nfs('/volume2')], more))).toMatch(denied);
      expect(await refusal(workload(kind, 'new', [claim('jellyfin-config-2')], more))).toBeUndefined();
    }
    const scaled = { spec: { replicas: 1 } };
    await expect(fixture.client.patch({ ...named(old), ...scaled } as LiveObject)).rejects.toThrow(denied);
    expect(await fixture.client.patch({ ...named(other), ...scaled } as LiveObject)).toMatchObject(scaled);
    await fixture.controlPlane.kubectl(['scale', 'deployment', 'other', '-n', 'media', '--replicas=0']);
  });

  it('can still be deleted, with its pods', async () => {
    await fixture.controlPlane.kubectl([
      'delete',
      'deployment',
      'old',
      '-n',
      'media',
      '--cascade=foreground',
      '--timeout=240s',
    ]);
    expect(await fixture.client.read(named(old))).toBeUndefined();
  });
});

describe('a fence whose content changes', () => {
  afterAll(() => liftFence(fixture.client, fence));

  it('is proven with the new one', async () => {
    await putFence(fixture.client, fence);
    await putFence(fixture.client, { ...fence, claims: ['sonarr-config', 'jellyfin-config'], nfs: [], message: 'two' });
    expect(await refusal(pod([claim('sonarr-config')]))).toMatch(/denied request: two \(fence /);
    expect(await refusal(pod([nfs(folder)]))).toBeUndefined();
    await putFence(fixture.client, { ...fence, claims: ['sonarr-config'], nfs: [], message: 'two' });
    expect(await refusal(pod([claim('jellyfin-config')]))).toBeUndefined();
  });

  it('has its values unchanged in the expression', async () => {
    for (const path of [`/a"b'c\\d\\n`, '/" || true || "', '/Bücher/書/😀', '/two\nlines']) {
      await putFence(fixture.client, { ...fence, claims: [], nfs: [{ server: 'NAS.example.com', path }] });
      expect(await refusal(pod([nfs(`${path}/x`, 'nas.Example.com')]))).toMatch(denied);
      expect(await refusal(pod([nfs(`${path}x`, 'nas.example.com')]))).toBeUndefined();
    }
  });
});

describe('the fence of an app whose two mounts were moved, one after the other', () => {
  const media = inlineNfs({ server, path: '/volume1' });
  const config = [iscsi({ ...disk, name: 'config', lun: 1 }), iscsi({ ...disk, name: 'config-2', lun: 2 })] as const;
  const data = [
    nfsVolume({ name: 'data', server, path: '/volume1/data', size: '1Gi' }),
    iscsi({ ...disk, name: 'data-2', lun: 3 }),
  ] as const;
  const props = { image: 'registry.example.com/app:1', config, mounts: { '/data': data, '/media': media } };
  const site = {
    app: 'jellyfin',
    model: resolveApp(props, { name: 'jellyfin', namespace: 'media' }),
    journal: untyped<Journal>({
      live: { '/config': 'config-2', '/data': 'data-2' },
      before: { '/config': 'config', '/data': 'data' },
      retired: ['config-0'],
    }),
  };
  afterAll(() => liftFence(fixture.client, fence));

  it('refuses pods and Deployments with any volume that either mount has left', async () => {
    expect(await settleFence({ ...site, client: fixture.client })).toBe('in force');
    for (const volume of [claim('config'), claim('data'), claim('config-0'), lun(disk.iqn, 1)]) {
      expect(await refusal(pod([volume]))).toContain('config-2 (/config), data-2 (/data)');
      expect(await refusal(workload('Deployment', 'old', [volume]))).toContain(
        'not live (config, data, config-0 (retired))',
      );
    }
  });

  it('allows its live volumes, even a parent folder of one that it has left', async () => {
    const now = [claim('config-2'), claim('data-2'), nfs('/volume1')];
    expect(await refusal(pod(now))).toBeUndefined();
    expect(await refusal(workload('Deployment', 'now', now))).toBeUndefined();
  });
});

describe('a fence that is removed', () => {
  it('is gone, and can be removed again', async () => {
    await putFence(fixture.client, fence);
    await liftFence(fixture.client, fence);
    await isLetIn();
    await liftFence(fixture.client, fence);
    const kinds = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
    expect(
      await fixture.controlPlane.kubectl(['get', kinds, '-l', 'app.kubernetes.io/managed-by=lunward', '-o', 'name']),
    ).toBe('');
  });
});

describe('a namespace', () => {
  async function makeRestricted(name: string): Promise<void> {
    await fixture.controlPlane.kubectl(['create', 'namespace', name]);
    await fixture.controlPlane.kubectl(['label', 'namespace', name, 'pod-security.kubernetes.io/enforce=restricted']);
    // Who checks that learns of the label a moment later.
    const isRefused = (found = '') => found.includes('violates PodSecurity');
    await until('a pod is refused', 240, async () => (await refusal(pod([], name))) ?? '', isRefused);
  }

  it('that allows only restricted pods has a fence too', async () => {
    await makeRestricted('strict');
    expect(await putFence(fixture.client, { ...fence, namespace: 'strict' })).toBe('in force');
    await liftFence(fixture.client, { ...fence, namespace: 'strict' });
  });

  it('where another policy refuses every pod can’t prove the fence', async () => {
    await makeRestricted('closed');
    const put = putFence(fixture.client, { ...fence, namespace: 'closed', claims: [] });
    await expect(put).rejects.toThrow(
      /^Whether fence lunward-closed.jellyfin works can't be seen: a pod of namespace closed that mounts its NFS folder is refused by something else before, 30 s long: .*violates PodSecurity/,
    );
    expect(await fixture.client.list('Pod', 'closed')).toEqual([]);
    await liftFence(fixture.client, { ...fence, namespace: 'closed' });
  });

  it('that does not exist has none', async () => {
    await expect(putFence(fixture.client, { ...fence, namespace: 'nowhere' })).rejects.toThrow(
      'there is no namespace "nowhere"',
    );
    await liftFence(fixture.client, { ...fence, namespace: 'nowhere' });
  });
});
