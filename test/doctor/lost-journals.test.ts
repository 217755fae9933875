import { describe, expect, it } from 'vitest';
import { liveCluster } from '../../lib/cluster/live';
import { UnanswerableError, UnreachableError } from '../../lib/core/problems';
import { lostJournalFindings } from '../../lib/doctor/lost-journals';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import { useFastClock } from '../migration/clock';
import { moved, type Pair, pairs, prepared } from '../migration/use-cases/cases';
import type { World } from '../migration/world/world';

useFastClock();

const [[, , pair]] = pairs as [[string, string, Pair]];

async function findings(world: World, client: Parameters<typeof lostJournalFindings>[2] = world.cluster.client) {
  const { cluster, lock } = await world.project.load();
  return lostJournalFindings(liveCluster(cluster, lock), lock, client);
}

const deleteJournal = (world: World) =>
  world.cluster.client.delete(world.cluster.find('ConfigMap', 'lunward-app', 'media') as LiveObject as never);

describe('a journal that is not in the cluster', () => {
  it('is reported if the app was moved, with the way to restore it', async () => {
    const world = await moved(pair);
    expect(await findings(world)).toEqual([]);
    await deleteJournal(world);
    const [found, ...others] = await findings(world);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 'journal-lost', subject: 'app', severity: 'error' });
    expect(found?.remedy).toContain('kubectl create configmap lunward-app --namespace media');
  });

  it('is not reported if the app was never moved', async () => {
    const world = await prepared(pair);
    await deleteJournal(world);
    expect(await findings(world)).toEqual([]);
  });

  it('is not reported as lost if the cluster does not answer', async () => {
    const world = await moved(pair);
    const read = async () => {
      throw new UnreachableError('no connection');
    };
    expect(await findings(world, { read, list: world.cluster.client.list })).toMatchObject([
      { code: 'cluster-unreachable', severity: 'warning' },
    ]);
  });

  const forbidden = (namespace: string, name: string) =>
    new UnanswerableError(
      `configmaps "${name}" is forbidden: User "viewer" cannot get resource "configmaps" in API group "" in the namespace "${namespace}"`,
    );

  it.each([
    ['the cluster does not answer', () => new UnreachableError('no connection'), ['cluster-unreachable']],
    ['the user may not read them', (name: string) => forbidden('media', name), ['cluster-forbidden']],
    [
      'the user may not read them in either namespace',
      (name: string, namespace: string) => forbidden(namespace, name),
      ['cluster-forbidden', 'cluster-forbidden'],
    ],
  ])('is one finding a cause, with all apps, if %s', async (_, error, codes) => {
    const world = await moved(pair);
    const { model } = world;
    const apps = { one: model, two: model, three: { ...model, namespace: 'other' } };
    const read = async ({ metadata: { name, namespace = '' } }: { metadata: { name: string; namespace?: string } }) => {
      throw error(name, namespace);
    };
    const found = await lostJournalFindings({ apps }, world.lock, { read, list: world.cluster.client.list });
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const app of Object.keys(apps)) expect(found.map((finding) => finding.found).join()).toContain(app);
  });
});
