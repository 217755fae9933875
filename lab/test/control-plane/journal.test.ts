import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { withLease } from '../../../lib/kubernetes/lease';
import { Journal } from '../../../lib/migration/journal';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';

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

describe('a lease', () => {
  it('keeps others out while its holder lives, and not for longer', async () => {
    const of = (name: string) => ({ namespace: 'media', name });
    const dead = JSON.stringify({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: of('lunward-dead'),
      spec: {
        holderIdentity: 'somebody',
        leaseDurationSeconds: 30,
        renewTime: new Date().toISOString().replace('Z', '000Z'),
      },
    });
    await controlPlane.kubectl(['create', '-f', '-'], dead);
    let end: () => void = () => {};
    let first: Promise<void> | undefined;
    await new Promise<void>((held) => {
      first = withLease(client, of('lunward-alive'), () => {
        held();
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
    });
    const [second, third] = await Promise.allSettled([
      withLease(client, of('lunward-alive'), async () => 'never'),
      withLease(client, of('lunward-dead'), async () => 'taken over'),
    ]);
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(/ is at work at this app \(lease media\/lunward-alive\): wait/) },
    });
    expect(third).toEqual({ status: 'fulfilled', value: 'taken over' });
    end();
    await first;
    expect(await withLease(client, of('lunward-alive'), async () => 'at once')).toBe('at once');
  }, 120_000);

  it('is let go of when the work fails', async () => {
    const of = { namespace: 'media', name: 'lunward-failed' };
    const failing = withLease(client, of, async () => {
      throw new Error('mended later');
    });
    await expect(failing).rejects.toThrow('mended later');
    expect(await withLease(client, of, async () => 'again')).toBe('again');
  });

  it('needs the namespace of the app', async () => {
    await expect(withLease(client, { namespace: 'nowhere', name: 'x' }, async () => {})).rejects.toThrow(
      'Lease nowhere/x can\'t be written: there is no namespace "nowhere"; the shared stack makes it',
    );
  });
});

describe('a journal', () => {
  const entry = { attempt: 1, uuid: 'u', wwn: 'w', bytes: 1, node: 'node-a', digest: 'd' };

  it('outlives who wrote it, and counts attempts', async () => {
    const journal = await Journal.read(client, 'media', 'jellyfin');
    expect(journal.attemptOf('config')).toBe(1);
    await journal.append('config', { ...entry, state: 'intent' });
    await journal.append('config', { ...entry, state: 'building' });
    const later = await Journal.read(client, 'media', 'jellyfin');
    expect(later.latest('config')).toMatchObject({ ...entry, state: 'building' });
    expect(later.attemptOf('config')).toBe(1);
    await later.append('config', { ...entry, state: 'burnt' });
    expect((await Journal.read(client, 'media', 'jellyfin')).attemptOf('config')).toBe(2);
  });

  it('is never written over what somebody else has written meanwhile', async () => {
    const [one, other] = [await Journal.read(client, 'media', 'sonarr'), await Journal.read(client, 'media', 'sonarr')];
    await one.append('config', { ...entry, state: 'intent' });
    await expect(other.append('config', { ...entry, attempt: 2, state: 'intent' })).rejects.toThrow(
      'Somebody else has written into ConfigMap lunward-sonarr meanwhile',
    );
    expect((await Journal.read(client, 'media', 'sonarr')).latest('config')).toMatchObject({ attempt: 1 });
  });

  it.each([
    ['is no JSON', 'nothing'],
    ['is of a newer version', '{"version":2,"volumes":{}}'],
    ['lacks something', '{"version":1,"volumes":{"config":[{}]}}'],
  ])('that %s is not taken for an empty one', async (_, text) => {
    await controlPlane.kubectl(['delete', 'configmap', 'lunward-radarr', '-n', 'media', '--ignore-not-found']);
    await controlPlane.kubectl([
      'create',
      'configmap',
      'lunward-radarr',
      '-n',
      'media',
      `--from-literal=journal=${text}`,
    ]);
    await expect(Journal.read(client, 'media', 'radarr')).rejects.toThrow(
      'ConfigMap media/lunward-radarr holds no journal that can be read',
    );
  });
});
