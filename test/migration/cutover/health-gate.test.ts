import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { UnanswerableError, UnreachableError } from '../../../lib/core/problems';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { failure, move, restarts, running, startedThere } from '../moves';

useFastClock();

/** The app has one more pod, which is in the list for ever. */
function withPod(site: CutoverContext, pod: V1Pod): CutoverContext {
  const { client } = site;
  const list = async (kind: string, namespace?: string) => {
    const found = await client.list(kind, namespace);
    return kind === 'Pod' ? [pod, ...found] : found;
  };
  return { ...site, client: untyped<ClusterClient>({ ...client, list }) };
}

describe('an app is judged by the pod of its current Deployment, not by', () => {
  const volumes = [{ name: 'config', persistentVolumeClaim: { claimName: 'config' } }];
  const metadata = { name: 'other', namespace: 'media', labels: { 'app.kubernetes.io/name': 'app' } };
  const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'report', uid: '1', controller: true };
  it.each([
    [
      'one that was evicted before the move',
      { metadata, spec: { containers: [], volumes }, status: { phase: 'Failed' } },
    ],
    ['one that has ended', { metadata, spec: { containers: [], volumes }, status: { phase: 'Succeeded' } }],
    [
      'one of a Job with its labels',
      { metadata: { ...metadata, ownerReferences: [job] }, spec: { containers: [] }, status: { phase: 'Running' } },
    ],
  ])('%s', async (_, pod) => {
    const world = new ModelWorld();
    const site = withPod(await world.site(), untyped<V1Pod>(pod));
    await cutOver(site, [world.volume], { onUnhealthy: 'rollback' });
    expect(world.starts).toEqual(['config-2']);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });
});

it('an app may take longer to pull its image than to mount its volumes', async () => {
  const world = new ModelWorld();
  const site = await world.site();
  const { client } = site;
  let looks = 0;
  const waiting = (pod: V1Pod): V1Pod => ({
    ...pod,
    status: { conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }] },
  });
  const list = async (kind: string, namespace?: string) => {
    const found = await client.list(kind, namespace);
    const isPulled = kind !== 'Pod' || world.claim === 'config' || ++looks > 400;
    return isPulled ? found : found.map((pod) => waiting(pod as V1Pod));
  };
  await cutOver({ ...site, client: untyped<ClusterClient>({ ...client, list }) }, [world.volume], {
    onUnhealthy: 'rollback',
  });
  expect(world.starts).toEqual(['config-2']);
  expect(world.state).toMatchObject({ ...running, cutover: undefined });
});

/** A site whose pods on the new volume are others, and in whose cluster more can be asked. */
function withCluster(
  site: CutoverContext,
  world: ModelWorld,
  {
    pod = (one) => one,
    hides = () => false,
    read,
    log,
  }: {
    pod?: (one: V1Pod) => V1Pod;
    hides?: (kind: string, name?: string) => boolean;
    read?: object;
    log?: ClusterClient['log'];
  },
): CutoverContext {
  const { client } = site;
  return {
    ...site,
    client: untyped<ClusterClient>({
      ...client,
      list: async (kind: string) => {
        const all = await client.list(kind);
        if (world.claim === 'config') return all;
        const found = all.filter(({ metadata }) => !hides(kind, metadata?.name));
        return kind === 'Pod' ? found.map((one) => pod(one as V1Pod)) : found;
      },
      ...(read && {
        read: async (object: { kind: string }) => (object.kind === 'Deployment' ? read : client.read(untyped(object))),
      }),
      ...(log && { log }),
    }),
  };
}

const without = (status: object) => (one: V1Pod) => ({ ...one, status: untyped<V1Pod['status']>(status) });

describe('the wait for an app ends when it is known why the app can’t start', () => {
  const image = { name: 'app', image: 'app:1', state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } };
  it.each<[string, (world: ModelWorld, site: CutoverContext) => CutoverContext, RegExp, number]>([
    [
      'its image is not there',
      (world, site) => withCluster(site, world, { pod: without({ containerStatuses: [image] }) }),
      /can't get image app:1 of container app: not found, after \d+ s/,
      200,
    ],
    [
      'a quota refuses it',
      (world, site) => {
        const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' }];
        return withCluster(site, world, { read: { status: { conditions } }, hides: (kind) => kind === 'Pod' });
      },
      /no pod, since the cluster refuses it: exceeded quota: small/,
      200,
    ],
    [
      'its claim is gone',
      (world, site) =>
        withCluster(site, world, {
          pod: without({}),
          hides: (kind, name) => kind === 'PersistentVolumeClaim' && name === 'config-2',
        }),
      /claim config-2 is not in the cluster, after/,
      30,
    ],
  ])('%s', async (_, broken, reason, seconds) => {
    const world = new ModelWorld();
    const error = await failure(
      cutOver(broken(world, await world.site()), [world.volume], { onUnhealthy: 'rollback' }),
    );
    expect(error?.message).toMatch(reason);
    expect(Number(/after (\d+) s/.exec(error?.message ?? '')?.[1])).toBeLessThan(seconds);
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config', cutover: undefined });
  });

  it('if Lunward may not read the log, the app is left as it is, and a later run that may succeeds', async () => {
    const world = new ModelWorld();
    const site = await world.site();
    const denied = new UnanswerableError('User "jane" cannot get resource "pods/log"');
    let asked = 0;
    const log = async () => {
      asked += 1;
      throw denied;
    };
    const error = await failure(
      cutOver(withCluster(site, world, { log }), [world.volume], { onUnhealthy: 'rollback' }),
    );
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error?.message).toMatch(/could not find out .*pods\/log.*It runs/s);
    expect(asked).toBeLessThan(30);
    await move(world);
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });
});

it('an unhealthy app is reported with the last lines of its log and its guard’s', async () => {
  const world = new ModelWorld();
  world.fault = { isUnwell: true };
  const site = await world.site();
  const log: ClusterClient['log'] = async (_, _pod, container) =>
    container === 'app'
      ? 'started\nUnhandled exception: no such table\n   at App.Main()\n'
      : 'the marker says attempt 2\n';
  const error = await failure(cutOver(withCluster(site, world, { log }), [world.volume], { onUnhealthy: 'rollback' }));
  expect(error?.message).toMatch(/container lunward-guard of pod app-1 wrote last: "the marker says attempt 2"/);
  expect(error?.message).toMatch(
    /container app of pod app-1 wrote last: "started" "Unhandled exception: no such table"[;.]/,
  );
});

describe('a line of storage trouble in the log', () => {
  /** @param ageSeconds of the line */
  const logWith =
    (ageSeconds: number): ClusterClient['log'] =>
    async (_, _pod, _container, { sinceSeconds = Number.POSITIVE_INFINITY } = {}) =>
      sinceSeconds > ageSeconds ? 'database disk image is malformed\n' : '';

  it.each([
    ['a recent one leaves it running', 60, false],
    ['one of a week ago does not keep it from being settled', 7 * 24 * 3600, true],
  ])('of an app that another run started: %s', async (_, age, isWell) => {
    const world = await startedThere();
    const site = withCluster(await world.site(), world, { log: logWith(age) });
    const model = {
      ...site.model,
      props: { ...site.model.props, facts: untyped<never>({ storageTrouble: [/malformed/], stop: {} }) },
    };
    const error = await failure(cutOver({ ...site, model }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(restarts(world)).toEqual([]);
    if (isWell) expect([error, world.state.cutover]).toEqual([undefined, undefined]);
    else expect(error?.message).toMatch(/reports storage trouble: .*It was not stopped/s);
  });
});
