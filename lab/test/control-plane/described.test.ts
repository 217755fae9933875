import { beforeAll, describe, expect, it } from 'vitest';
import { clusterFindings } from '../../../lib/cli/cluster-findings';
import { defineCluster, liveCluster } from '../../../lib/cluster';
import type { Advice } from '../../../lib/core/advice';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { assertWayBack } from '../../../lib/migration/cutover/way-back';
import { cutOverRefusals } from '../../../lib/migration/plan/cut-over-refusals';
import { unknownManagers } from '../../../lib/owners/field-managers';
import type { Owner } from '../../../lib/owners/owner';
import { ownerKindOf } from '../../../lib/owners/owner-kind';
import { podMounts } from '../../../lib/scripts/node/pod-mounts';
import type { Script } from '../../../lib/scripts/script';
import { deploymentManifest } from '../../../lib/workload/manifests/deployment';
import { volumeManifests } from '../../../lib/workload/manifests/manifests';
import type { MediaAppModel } from '../../../lib/workload/model';
import { image, lun, share, untyped } from '../../../test/helpers';
import { mountOf } from '../../../test/migration/storage-objects';
import { until } from '../until';
import { useControlPlane } from './fixture';

const fixture = useControlPlane('media');
const [old, wanted] = [share('config'), lun('config-2')];
const moved = { mountPath: '/config', source: old, target: wanted };

const kubectl = (...args: readonly string[]) => fixture.controlPlane.kubectl(['-n', 'media', ...args]);
const apply = (...objects: readonly object[]) =>
  fixture.controlPlane.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );
const phase = (kind: string, name: string) => kubectl('get', kind, name, '-o', 'jsonpath={.status.phase}');
const isBound = (name: string) =>
  until(`claim ${name} bound`, 240, async () => (await phase('pvc', name).catch(String)) === 'Bound');

function described(config = old) {
  const { context } = fixture.controlPlane;
  return liveCluster(
    defineCluster({ context, namespace: 'media', apps: { app: { image, config: [config, wanted] } } }),
  );
}
const model = (config = old) => described(config).apps.app as MediaAppModel;
const deployment = async () => (await fixture.client.read(deploymentManifest(model()))) as LiveObject;

/** The refusals of a move of the app. The node of its pod has the old volume mounted. */
async function refused(config = old): Promise<readonly Advice[]> {
  const run = async ({ name }: Script<unknown>) => {
    expect(name).toBe(podMounts('').name);
    return { result: 'unchanged', facts: { mounts: [mountOf(old)] } };
  };
  const nodes = await kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}');
  const reached = nodes.split(' ').map((name) => ({ name, runner: untyped({ run }) as never }));
  return cutOverRefusals(fixture.client, model(config), [{ ...moved, source: config }], reached);
}

const owner = (needsPulumi = false) =>
  untyped<Owner>({ needsPulumi, replicas: async () => ((await deployment()).spec as { replicas: number }).replicas });
/** Nothing was sealed, so there is no marker to look at. */
const unsealed = { nodes: [], signal: new AbortController().signal, journal: { live: {}, latest: () => undefined } };
const wayBack = (needsPulumi = false) =>
  assertWayBack({ app: 'app', client: fixture.client, model: model(), owner: owner(needsPulumi), ...unsealed }, [
    moved,
  ]);

async function findings(): Promise<readonly Advice[]> {
  const { findings: all } = await clusterFindings(described(), fixture.client);
  return all;
}

/** What is in the way, of which more may be expected. */
const advice = (code: Advice['code'], subject: unknown, more: object = {}) =>
  expect.objectContaining({ code, subject, ...more });
const terminating = (subject: string, more: object = {}) => advice('terminating', subject, more);

beforeAll(async () => {
  await apply(...volumeManifests(old, 'media'), deploymentManifest(model()));
  await isBound(old.name);
  // What is still on its way, a pod without a node or a status of a Deployment, would get in the way of a test.
  await kubectl('rollout', 'status', 'deployment/app', '--timeout=240s');
});

describe('an app that runs as it is described', () => {
  it('is not refused, and can be rolled back', async () => {
    expect(await refused()).toEqual([]);
    await expect(wayBack()).resolves.toBeUndefined();
    expect(await findings()).toEqual([]);
  });

  it('is owned by kubectl, even after Lunward has written to it', async () => {
    await kubectl('scale', 'deployment/app', '--replicas=1');
    const live = await deployment();
    await fixture.client.patch({ ...untyped<LiveObject>(deploymentManifest(model())), spec: { paused: false } });
    await fixture.client.write(
      untyped({
        ...live,
        metadata: { ...live.metadata, resourceVersion: (await deployment()).metadata?.resourceVersion },
      }),
    );
    expect(ownerKindOf(await deployment())).toBe('kubectl');
    expect(unknownManagers(await deployment())).toEqual([]);
  });

  it('is refused if its description names another folder than its PersistentVolume', async () => {
    const other = share('config', { path: '/volume1/config-old' });
    expect(await refused(other)).toEqual([
      advice('stored-elsewhere', 'PersistentVolume config', {
        found: expect.stringMatching(/\bnfs\.path: .*\/volume1\/config-old\b.*\/volume1\/config$/),
      }),
      advice('mounted-elsewhere', expect.stringMatching(/^Pod media\/app-\S+$/), {
        found: expect.stringMatching(/192\.0\.2\.200:\/volume1\/config /),
        expected: '192.0.2.200:/volume1/config-old',
      }),
    ]);
  });

  it('is refused if a controller manages it, and an unknown manager is named', async () => {
    const change = (manager: string, value: string) =>
      kubectl(
        'annotate',
        'deployment/app',
        `example.com/${manager}=${value}`,
        '--overwrite',
        `--field-manager=${manager}`,
      );
    await change('keda-operator', '1');
    expect(unknownManagers(await deployment())).toEqual(['keda-operator']);
    await change('kustomize-controller', '1');
    expect(ownerKindOf(await deployment())).toEqual({
      other: 'Flux (kustomize-controller)',
      manager: 'kustomize-controller',
    });
    const forget = '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]';
    await kubectl('patch', 'deployment', 'app', '--type=json', '-p', forget);
    expect(ownerKindOf(await deployment())).toBe('kubectl');
  });
});

describe('a claim that was deleted', () => {
  it('is Terminating as long as a pod uses it: refused, and reported by doctor', async () => {
    await kubectl('delete', 'pvc', old.name, '--wait=false');
    const claim = terminating('PersistentVolumeClaim media/config');
    expect(await refused()).toEqual([claim]);
    const message = expect.stringMatching(/\bapp was not stopped\b/);
    await expect(wayBack()).rejects.toMatchObject({ code: 'no-way-back', advice: [claim], message });
    expect(await findings()).toEqual([claim]);
  });

  it('is gone with the last pod, and prevents a rollback until its volume is released', async () => {
    await kubectl('scale', 'deployment/app', '--replicas=0');
    // Before, a pod that is deleted is followed by another.
    const replicas = ['get', 'replicasets', '-o', 'jsonpath={.items[*].status.replicas}'];
    await until('stopped', 240, async () => /^0( 0)*$/.test(await kubectl(...replicas)));
    await kubectl('delete', 'pods', '--all', '--force', '--grace-period=0');
    await until('no pod', 240, async () => (await kubectl('get', 'pods', '-o', 'name')) === '');
    await until('Released', 240, async () => (await phase('pv', old.name)) === 'Released');
    const claim = 'PersistentVolumeClaim media/config';
    expect(await refused()).toEqual([advice('claim-missing', claim)]);
    const why = await wayBack().catch((error: Error) => error);
    expect(why).toMatchObject({
      code: 'no-way-back',
      advice: [
        advice('volume-not-available', claim, {
          found: expect.stringMatching(/\bPersistentVolume config is Released$/),
          expected: 'Available',
        }),
      ],
      message: expect.stringMatching(/\bapp is DOWN\b/),
    });
    const [, patch = ''] = /kubectl (patch pv .*?}')/.exec(String(why)) ?? [];
    await fixture.controlPlane.kubectl(patch.replaceAll("'", '').split(' '));
    await until('Available', 240, async () => (await phase('pv', old.name)) === 'Available');
    await expect(wayBack()).resolves.toBeUndefined();
    const again = { remedy: expect.stringMatching(/pulumi up --refresh/) };
    await expect(wayBack(true)).rejects.toMatchObject({ advice: [advice('claim-missing', claim, again)] });
    await apply(...volumeManifests(old, 'media').slice(1));
    await isBound(old.name);
    await expect(wayBack(true)).resolves.toBeUndefined();
    expect(await findings()).toEqual([]);
  });
});

describe('a PersistentVolume that was deleted', () => {
  it('is Terminating as long as its claim is there: refused, and reported by doctor', async () => {
    await kubectl('delete', 'pv', old.name, '--wait=false');
    const volume = terminating('PersistentVolume config');
    expect(await refused()).toEqual([volume]);
    expect(await findings()).toEqual([volume]);
    await expect(wayBack()).rejects.toMatchObject({ code: 'no-way-back', advice: [volume] });
  });
});

describe('a Deployment and a namespace that were deleted', () => {
  it('are reported while they are Terminating', async () => {
    await kubectl(
      'patch',
      'deployment',
      'app',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":["example.com/kept"]}}',
    );
    await fixture.controlPlane.kubectl(['delete', 'namespace', 'media', '--wait=false']);
    await until('it is deleted', 240, async () => (await deployment())?.metadata?.deletionTimestamp !== undefined);
    const found = await findings();
    expect(found).toContainEqual(terminating('Namespace media'));
    const waits = { found: expect.stringMatching(/ waits for example\.com\/kept/) };
    expect(found).toContainEqual(terminating('Deployment media/app', waits));
    expect(await refused()).toContainEqual(terminating('Namespace media'));
    await kubectl('patch', 'deployment', 'app', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  });
});
