import { describe, expect, it } from 'vitest';
import { withLease } from '../../../lib/kubernetes/lease';
import { Journal } from '../../../lib/migration/journal/journal';
import { useControlPlane } from './fixture';

const fixture = useControlPlane('media');

describe('a lease', () => {
  it('keeps others out only while its holder lives', async () => {
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
    await fixture.controlPlane.kubectl(['create', '-f', '-'], dead);
    let end: () => void = () => {};
    let first: Promise<void> | undefined;
    await new Promise<void>((held) => {
      first = withLease(fixture.client, of('lunward-alive'), () => {
        held();
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
    });
    const [second, third] = await Promise.allSettled([
      withLease(fixture.client, of('lunward-alive'), async () => 'never'),
      withLease(fixture.client, of('lunward-dead'), async () => 'taken over'),
    ]);
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'app-held', message: expect.stringMatching(/\bmedia\/lunward-alive\b/) },
    });
    expect(third).toEqual({ status: 'fulfilled', value: 'taken over' });
    end();
    await first;
    expect(await withLease(fixture.client, of('lunward-alive'), async () => 'at once')).toBe('at once');
  });

  it('is released when the work fails', async () => {
    const of = { namespace: 'media', name: 'lunward-failed' };
    const failing = withLease(fixture.client, of, async () => {
      throw new Error('mended later');
    });
    await expect(failing).rejects.toThrow('mended later');
    expect(await withLease(fixture.client, of, async () => 'again')).toBe('again');
  });

  it('needs the namespace of the app', async () => {
    await expect(withLease(fixture.client, { namespace: 'nowhere', name: 'x' }, async () => {})).rejects.toThrow(
      'Lease nowhere/x can\'t be written: there is no namespace "nowhere": make it first',
    );
  });
});

describe('a journal', () => {
  const target = { kind: 'iscsi', wwn: 'w', bytes: 1 } as const;
  const entry = { attempt: 1, uuid: 'u', target, node: 'node-a', digest: 'd' };

  it('outlives its writer, and counts attempts', async () => {
    const journal = await Journal.read(fixture.client, 'media', 'jellyfin');
    expect(journal.attemptOf('config')).toBe(1);
    await journal.append('config', { ...entry, state: 'intent' });
    await journal.append('config', { ...entry, state: 'building' });
    const later = await Journal.read(fixture.client, 'media', 'jellyfin');
    expect(later.latest('config')).toMatchObject({ ...entry, state: 'building' });
    expect(later.attemptOf('config')).toBe(1);
    await later.append('config', { ...entry, state: 'abandoned' });
    expect((await Journal.read(fixture.client, 'media', 'jellyfin')).attemptOf('config')).toBe(2);
  });

  it('records what was retired, which can’t be rolled back to', async () => {
    const journal = await Journal.read(fixture.client, 'media', 'retired');
    const cutover = {
      replicas: 1,
      volumes: [{ mountPath: '/config', from: 'old', to: 'new' }],
    };
    await journal.transition({ cutover: { ...cutover, phase: 'stopping' } });
    await journal.transition({ cutover: { ...cutover, phase: 'switched' }, live: { '/config': 'new' } });
    await journal.transition({ cutover: undefined });
    expect(journal.before).toEqual({ '/config': 'old' });
    await journal.retire(['old']);
    const later = await Journal.read(fixture.client, 'media', 'retired');
    expect([later.live, later.before, later.retired]).toEqual([{ '/config': 'new' }, {}, ['old']]);
  });

  it('never overwrites what another process has written meanwhile', async () => {
    const [one, other] = [
      await Journal.read(fixture.client, 'media', 'sonarr'),
      await Journal.read(fixture.client, 'media', 'sonarr'),
    ];
    await one.append('config', { ...entry, state: 'intent' });
    await expect(other.append('config', { ...entry, attempt: 2, state: 'intent' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await Journal.read(fixture.client, 'media', 'sonarr')).latest('config')).toMatchObject({ attempt: 1 });
  });

  it.each([
    ['is no JSON', 'nothing', 'holds no journal that can be read'],
    ['is of a newer version', '{"version":3,"volumes":{}}', 'was written by a newer version of lunward'],
    ['lacks something', '{"version":2,"volumes":{"config":[{}]}}', 'holds no journal that can be read'],
    ['lacks something that version 1 had', '{"version":1,"volumes":{"config":[{}]}}', 'holds no journal'],
  ])('that %s is not treated as empty', async (_, text, message) => {
    await fixture.controlPlane.kubectl(['delete', 'configmap', 'lunward-radarr', '-n', 'media', '--ignore-not-found']);
    await fixture.controlPlane.kubectl([
      'create',
      'configmap',
      'lunward-radarr',
      '-n',
      'media',
      `--from-literal=journal=${text}`,
    ]);
    await expect(Journal.read(fixture.client, 'media', 'radarr')).rejects.toThrow(
      `ConfigMap media/lunward-radarr ${message}`,
    );
  });
});
