import { describe, expect, it } from 'vitest';
import { manifestsWith, ofKind, problemsWith, specOf } from '../../helpers';

const ports = { http: 8080 };
const parentRefs = [{ name: 'outside', namespace: 'gateways', sectionName: 'https', port: 443 }];

describe('an HTTPRoute', () => {
  it('leads to the first Service and its first port', () => {
    const manifests = manifestsWith({
      ports,
      service: { ports: [{ name: 'http', port: 80 }] },
      httpRoute: { parentRefs, hostnames: ['app.example.com'] },
    });
    expect(ofKind(manifests, 'HTTPRoute')).toEqual([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'app', namespace: 'media', labels: { 'app.kubernetes.io/name': 'app' } },
        spec: {
          parentRefs,
          hostnames: ['app.example.com'],
          rules: [
            { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'app', port: 80 }] },
          ],
        },
      },
    ]);
  });

  it('has only the required fields', () => {
    const spec = specOf(manifestsWith({ ports, httpRoute: { parentRefs: [{ name: 'outside' }] } }), 'HTTPRoute');
    expect(spec.parentRefs).toEqual([{ name: 'outside' }]);
    expect(spec).not.toHaveProperty('hostnames');
  });

  it.each([
    ['no Gateway', { parentRefs: [] }, 'httpRoute.parentRefs', 'a list of at least 1'],
    ['a port that is not there', { parentRefs, port: 'https' }, 'httpRoute', 'a TCP port'],
    ['a Gateway port out of range', { parentRefs: [{ name: 'a', port: 0 }] }, 'httpRoute.parentRefs[0].port', '65535'],
  ] as const)('refuses %s', (_, httpRoute, path, expected) => {
    expect(problemsWith({ ports, httpRoute })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });
});
