import { describe, expect, it } from 'vitest';
import { manifestsWith, ofKind, problemsWith, specOf } from '../../helpers';

const ports = { http: 8080, torrent: { port: 6881, protocol: 'UDP' as const } };

describe('an Ingress', () => {
  it('leads to the first Service and its first port', () => {
    const manifests = manifestsWith({ ports, ingress: { hosts: ['app.example.com'] } });
    expect(ofKind(manifests, 'Ingress')).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'app', namespace: 'media', labels: { 'app.kubernetes.io/name': 'app' } },
        spec: {
          rules: [
            {
              host: 'app.example.com',
              http: {
                paths: [
                  { path: '/', pathType: 'Prefix', backend: { service: { name: 'app', port: { name: 'http' } } } },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  it('has class, certificate, path and annotations', () => {
    const [ingress] = ofKind(
      manifestsWith({
        ports,
        ingress: {
          name: 'outside',
          hosts: ['app.example.com', '*.example.com'],
          ingressClassName: 'nginx',
          path: '/app',
          pathType: 'Exact',
          tlsSecretName: 'app-tls',
          annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
        },
      }),
      'Ingress',
    );
    expect(ingress?.metadata).toMatchObject({
      name: 'outside',
      annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
    });
    expect(ingress?.spec).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['app.example.com', '*.example.com'], secretName: 'app-tls' }],
      rules: [{ http: { paths: [{ path: '/app', pathType: 'Exact' }] } }, { host: '*.example.com' }],
    });
  });

  it('leads to the given Service and port', () => {
    const service = [{ ports: ['http'] }, { name: 'admin', ports: [{ name: 'web', port: 80 }] }];
    const manifests = manifestsWith({
      ports: { ...ports, web: 9090 },
      service,
      ingress: { hosts: ['a.example.com'], service: 'admin', port: 'web' },
    });
    expect(JSON.stringify(specOf(manifests, 'Ingress'))).toContain('{"name":"admin","port":{"name":"web"}}');
  });

  it.each([
    ['a Service that is not there', { hosts: ['a'], service: 'other' }, 'ingress', 'a Service of the app'],
    ['a port that is not there', { hosts: ['a'], port: 'https' }, 'ingress', 'a TCP port'],
    ['a port of UDP', { hosts: ['a'], port: 'torrent' }, 'ingress', 'a TCP port'],
    ['no hosts', { hosts: [] }, 'ingress.hosts', 'a list of at least 1'],
    ['a host with a port', { hosts: ['a.example.com:80'] }, 'ingress.hosts[0]', 'a host name'],
    ['a relative path', { hosts: ['a'], path: 'a' }, 'ingress.path', 'a path'],
  ] as const)('refuses %s', (_, ingress, path, expected) => {
    expect(problemsWith({ ports, ingress })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });

  it('lists the existing Services and ports in its error', () => {
    const [problem] = problemsWith({ ports, ingress: [{ hosts: ['a'] }, { hosts: ['a'], name: 'b', port: 'https' }] });
    expect(problem).toMatchObject({ path: 'apps.app.ingress[1]', remedy: expect.stringContaining('"app"') });
    expect(problem?.remedy).toContain('"http"');
  });

  it('refuses two with the same name', () => {
    expect(problemsWith({ ports, ingress: [{ hosts: ['a'] }, { hosts: ['b'] }] })).toMatchObject([
      { path: 'apps.app.ingress[1].name', expected: expect.stringContaining('another name than "app"') },
    ]);
  });
});
