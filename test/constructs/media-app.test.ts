import { App, Chart, JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { sonarr } from '../../lib/catalog';
import { MediaApp } from '../../lib/constructs';
import { claim } from '../../lib/volumes';
import { image, lun, refusal, share } from '../helpers';

const chart = (namespace?: string) => new Chart(new App(), 'mine', { namespace, labels: { team: 'home' } });
const replicas = JsonPatch.replace('/spec/replicas', 0);

describe('MediaApp', () => {
  it('makes a complete app in a user’s own chart', () => {
    const mine = chart('media');
    const app = new MediaApp(mine, 'tv', {
      ...sonarr({ image, config: lun('sonarr-config') }),
      mounts: { '/cache': claim({ name: 'cache', size: '1Gi', labels: { tier: 'cache' } }) },
      ingress: { hosts: ['sonarr.example.com'] },
      httpRoute: { parentRefs: [{ name: 'gateway' }] },
    });
    const objects = mine.toJson();
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`)).toEqual([
      'PersistentVolume -/sonarr-config',
      'PersistentVolumeClaim media/sonarr-config',
      'PersistentVolumeClaim media/cache',
      'Deployment media/sonarr',
      'Service media/sonarr',
      'Ingress media/sonarr',
      'HTTPRoute media/sonarr',
    ]);
    expect(app.volumes.map(({ name }) => name)).toEqual(['sonarr-config', 'sonarr-config', 'cache']);
    expect([app.deployment.kind, app.services.length, app.ingresses.length, app.httpRoutes.length]).toEqual([
      'Deployment',
      1,
      1,
      1,
    ]);
  });

  it('labels what it owns, and leaves the labels of a volume to the user', () => {
    const mine = chart('media');
    const mounts = { '/cache': claim({ name: 'cache', size: '1Gi', labels: { tier: 'cache' } }) };
    new MediaApp(mine, 'app', { image, config: lun('a'), mounts });
    const labels = Object.fromEntries(
      mine.toJson().map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.labels]),
    );
    expect(labels).toMatchObject({
      'PersistentVolume a': { 'app.kubernetes.io/name': 'app', team: 'home' },
      'PersistentVolumeClaim cache': { tier: 'cache', team: 'home' },
    });
    expect(labels['PersistentVolumeClaim cache']).not.toHaveProperty('app.kubernetes.io/name');
  });

  it('is named after its id if it has no name, and the id must then be a valid name', () => {
    const mine = chart('media');
    new MediaApp(mine, 'comics', { image });
    expect(mine.toJson()[0].metadata.name).toBe('comics');
    expect(refusal(() => new MediaApp(chart('media'), 'My Comics', { image })).problems).toMatchObject([
      { path: 'name', value: 'My Comics' },
    ]);
    expect(() => new MediaApp(mine, 'My Comics', { image, name: 'other' })).not.toThrow();
  });

  it('needs a namespace', () => {
    expect(() => new MediaApp(chart(), 'app', { image })).toThrow(/"mine\/app" has no namespace/);
    expect(() => new MediaApp(chart(), 'app', { image, namespace: 'tv' })).not.toThrow();
  });

  it('reports all problems at once', () => {
    const error = refusal(() => new MediaApp(chart('media'), 'app', { image: 'app', config: lun('a', { lun: 256 }) }));
    expect(error.subject).toBe('MediaApp "mine/app"');
    expect(error.problems.map(({ path }) => path)).toEqual(['image', 'config.lun']);
  });

  it('has warnings', () => {
    const app = new MediaApp(chart('media'), 'app', sonarr({ image, config: share('a') }));
    expect(app.warnings).toMatchObject([{ path: 'config', message: expect.stringContaining('network file system') }]);
  });

  it('passes its finished objects to customize', () => {
    const mine = chart('media');
    new MediaApp(mine, 'app', {
      image,
      ports: { http: 80 },
      customize: ({ deployment, services }) => {
        deployment.addJsonPatch(replicas);
        services[0]?.addJsonPatch(JsonPatch.add('/spec/publishNotReadyAddresses', true));
      },
    });
    expect(mine.toJson().map(({ spec }) => spec)).toMatchObject([{ replicas: 0 }, { publishNotReadyAddresses: true }]);
  });

  it('has objects that can be patched afterwards', () => {
    const mine = chart('media');
    new MediaApp(mine, 'app', { image }).deployment.addJsonPatch(replicas);
    expect(mine.toJson()[0].spec.replicas).toBe(0);
  });
});
