import { describe, expect, it } from 'vitest';
import { containerPorts } from '../../../lib/workload/manifests/ports';
import { containerWith, manifestsWith, problemsWith, specOf, untyped } from '../../helpers';

describe('containerPorts', () => {
  it('accepts a number, a protocol, and both protocols under one name', () => {
    const ports = containerPorts({
      http: 8080,
      discovery: { port: 1900, protocol: 'UDP' },
      torrent: { port: 6881, protocol: ['TCP', 'UDP'] },
    });
    expect(ports.map(({ name, containerPort, protocol }) => `${name} ${containerPort}/${protocol}`)).toEqual([
      'http 8080/TCP',
      'discovery 1900/UDP',
      'torrent 6881/TCP',
      'torrent-udp 6881/UDP',
    ]);
  });
});

describe('ports of an app', () => {
  const ports = { http: 80, torrent: { port: 6881, protocol: ['TCP', 'UDP'] as const } };

  it('are the same in container and Service, protocol by protocol', () => {
    const ofContainer = containerWith({ ports }).ports?.map(({ name, protocol }) => [name, protocol]);
    const service = specOf(manifestsWith({ ports }), 'Service') as {
      ports: { targetPort: string; protocol: string }[];
    };
    expect(service.ports.map(({ targetPort, protocol }) => [targetPort, protocol])).toEqual(ofContainer);
  });

  it('can’t have another protocol in the Service', () => {
    const service = {
      // @ts-expect-error -- a Service's port has no protocol of its own
      ports: [{ name: 'http', protocol: 'UDP' }],
    } as const satisfies import('../../../lib/workload').ServiceProps;
    expect(problemsWith({ ports, service: untyped(service) })).toMatchObject([
      { path: 'apps.app.service.ports[0].protocol', expected: 'no such property here' },
    ]);
  });

  it('may be none', () => {
    expect(containerWith({ ports: {} })).not.toHaveProperty('ports');
    expect(manifestsWith({ ports: {} }).map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  it.each([
    ['a number out of range', { http: 0 }, 'ports.http', '1 to 65535'],
    ['a name too long', { 'a-port-of-the-web': 80 }, 'ports["a-port-of-the-web"]', 'port name'],
    ['a protocol that is none', { http: { port: 80, protocol: untyped('SCTP') } }, 'ports.http.protocol', '"TCP"'],
    ['one number twice', { a: 80, b: 80 }, 'ports.b', '80/TCP'],
    ['one name twice', { a: { port: 1, protocol: ['TCP', 'UDP'] as const }, 'a-udp': 2 }, 'ports["a-udp"]', '"a-udp"'],
  ])('refuse %s', (_, wrong, path, expected) => {
    expect(problemsWith({ ports: wrong })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });

  it('may have one number with two protocols under two names', () => {
    expect(problemsWith({ ports: { a: 80, b: { port: 80, protocol: 'UDP' } } })).toEqual([]);
  });
});
