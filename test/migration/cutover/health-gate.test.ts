import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { running } from '../moves';

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

describe('an app is judged by the pod that its Deployment runs, and not by', () => {
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

it('an app is waited for while its image is pulled, longer than its volumes may take', async () => {
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
