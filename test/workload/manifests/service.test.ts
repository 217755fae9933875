import { describe, expect, it } from 'vitest';
import type { ServiceProps } from '../../../lib/workload';
import { manifestsWith, ofKind, problemsWith, untyped } from '../../helpers';

const ports = { http: 8080, torrent: { port: 6881, protocol: ['TCP', 'UDP'] as const } };
const services = (service?: ServiceProps | readonly ServiceProps[]) =>
  ofKind(manifestsWith({ ports, service }), 'Service');

describe('the default Service', () => {
  it('has every port, by name', () => {
    expect(services()).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'app', namespace: 'media', labels: { 'app.kubernetes.io/name': 'app' } },
        spec: {
          type: 'ClusterIP',
          selector: { 'app.kubernetes.io/name': 'app' },
          ports: [
            { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' },
            { name: 'torrent', port: 6881, targetPort: 'torrent', protocol: 'TCP' },
            { name: 'torrent-udp', port: 6881, targetPort: 'torrent-udp', protocol: 'UDP' },
          ],
        },
      },
    ]);
  });

  it('is left out with an empty list', () => expect(services([])).toEqual([]));
});

describe('a Service', () => {
  it.each([
    { type: 'NodePort' },
    { type: 'LoadBalancer', loadBalancerIP: '192.0.2.10', externalTrafficPolicy: 'Local' },
    { loadBalancerClass: 'example.com/lb', loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'] },
    { clusterIP: 'None' },
    { clusterIP: '192.0.2.11', externalIPs: ['192.0.2.12', '2001:db8::12'] },
    { sessionAffinity: 'ClientIP', ipFamilyPolicy: 'PreferDualStack' },
  ] as const satisfies readonly ServiceProps[])('has %j', (props) => {
    expect(services(props)[0]?.spec).toMatchObject(props);
  });

  it('has a name, labels and annotations of its own', () => {
    const own = { name: 'peers', labels: { a: 'b' }, annotations: { 'example.com/ip': '192.0.2.10' } };
    expect(services(own)[0]?.metadata).toEqual({ namespace: 'media', ...own });
  });

  it('picks ports, with other numbers', () => {
    const [service] = services({ type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30080 }] });
    expect(service?.spec?.ports).toEqual([
      { name: 'http', port: 80, nodePort: 30080, targetPort: 'http', protocol: 'TCP' },
    ]);
  });

  it('may be one of several', () => {
    const both = services([{ ports: ['http'] }, { name: 'peers', type: 'LoadBalancer', ports: ['torrent'] }]);
    const told = both.map(({ metadata, spec }) => [
      metadata.name,
      spec?.type,
      (spec as { ports: unknown[] }).ports.length,
    ]);
    expect(told).toEqual([
      ['app', 'ClusterIP', 1],
      ['peers', 'LoadBalancer', 2],
    ]);
  });

  it.each([
    ['a type that is none', { type: untyped('ExternalName') }, 'service.type', '"ClusterIP" or "NodePort"'],
    ['an address that is none', { loadBalancerIP: 'lb.example.com' }, 'service.loadBalancerIP', 'an IP address'],
    ['a range that is none', { loadBalancerSourceRanges: ['192.0.2.1'] }, 'service.loadBalancerSourceRanges[0]', '/24'],
    ['a range of a host name', { loadBalancerSourceRanges: ['nas/24'] }, 'service.loadBalancerSourceRanges[0]', '/24'],
    ['a port that the app has not', { ports: ['https'] }, 'service.ports[0]', '"http", "torrent"'],
    ['no ports', { ports: [] }, 'service.ports', 'a list of at least 1'],
    ['one port twice', { ports: ['http', 'http'] }, 'service.ports[1]', 'no port twice'],
    [
      'a property that is not known',
      untyped<ServiceProps>({ loadbalancerIP: '192.0.2.1' }),
      'service.loadbalancerIP',
      'no such property',
    ],
    ['a name that begins with a digit', { name: '1app' }, 'service.name', 'begins with a letter'],
  ] as const)('refuses %s', (_, service, path, expected) => {
    expect(problemsWith({ ports, service })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });

  it('refuses two with the same name, including the default one', () => {
    expect(problemsWith({ ports, service: [{}, { name: 'app' }] })).toMatchObject([
      { path: 'apps.app.service[1].name', expected: expect.stringContaining('another name than "app"') },
    ]);
  });

  it('refuses one for an app without ports', () => {
    expect(problemsWith({ ports: {}, service: {} })).toMatchObject([
      { path: 'apps.app.service', expected: 'no Service for an app without ports' },
    ]);
  });

  it("refuses an app's name that no Service can have, unless the Service has its own", () => {
    const withDigit = { name: '2fauth', ports: { http: 80 } };
    expect(problemsWith(withDigit)).toMatchObject([
      { path: 'apps.app.service.name', value: '2fauth', remedy: expect.stringContaining('name the Service') },
    ]);
    expect(problemsWith({ ...withDigit, service: { name: 'two-factor' } })).toEqual([]);
    expect(problemsWith({ ...withDigit, service: [] })).toEqual([]);
  });
});
