import { describe, expect, it } from 'vitest';
import type { MediaAppProps } from '../../../lib/workload';
import { containerWith, problemsWith } from '../../helpers';

const ports = { http: 8080, admin: 9090, torrent: { port: 6881, protocol: ['UDP', 'TCP'] as const } };
const probes = (props: Partial<MediaAppProps>) => {
  const { startupProbe, readinessProbe, livenessProbe } = containerWith({ ports, ...props });
  return [startupProbe, readinessProbe, livenessProbe];
};

describe('the defaults', () => {
  it('give an app minutes to start, and restart it after minutes without an answer', () => {
    const [startup, readiness, liveness] = probes({});
    expect((startup?.periodSeconds ?? 0) * (startup?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(600);
    expect((liveness?.periodSeconds ?? 0) * (liveness?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(180);
    expect(readiness).toEqual({
      tcpSocket: { port: 'http' },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  it('are absent for an app without a TCP port', () => {
    expect(probes({ ports: {} })).toEqual([undefined, undefined, undefined]);
    expect(probes({ ports: { a: { port: 1, protocol: 'UDP' } } })).toEqual([undefined, undefined, undefined]);
  });
});

describe('health', () => {
  it.each([
    [{ path: '/health?a=b' }, { httpGet: { path: '/health?a=b', port: 'http' } }],
    [{ path: '/', port: 'admin', scheme: 'HTTPS' }, { httpGet: { path: '/', port: 'admin', scheme: 'HTTPS' } }],
    [{ tcpPort: 'admin' }, { tcpSocket: { port: 'admin' } }],
    [{ tcpPort: 'torrent' }, { tcpSocket: { port: 'torrent' } }],
    [{ command: ['healthy', '--quick'] }, { exec: { command: ['healthy', '--quick'] } }],
  ] as const)('%j is used by all three probes', (health, action) => {
    expect(probes({ health })).toEqual([
      expect.objectContaining(action),
      expect.objectContaining(action),
      expect.objectContaining(action),
    ]);
  });

  it('works by command without ports', () => {
    expect(probes({ ports: {}, health: { command: ['true'] } })[2]).toMatchObject({ exec: { command: ['true'] } });
  });

  it.each([
    ['a port that is not there', { path: '/', port: 'https' }, 'health', '"http", "admin", "torrent"'],
    ['a TCP port that is not there', { tcpPort: 'https' }, 'health', 'one of the app'],
    ['a relative path', { path: 'health' }, 'health.path', 'a path'],
    ['a slip of the keyboard', { path: '/', prot: 'http' }, 'health.prot', 'no such property'],
    ['no command', { command: [] }, 'health.command', 'a list of at least 1'],
  ] as const)('refuses %s', (_, health, path, expected) => {
    expect(problemsWith({ ports, health })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });

  it('refuses a path of an app without ports', () => {
    expect(problemsWith({ ports: {}, health: { path: '/' } })).toMatchObject([
      { path: 'apps.app.health', expected: 'a command, for the app has no TCP port' },
    ]);
  });
});

describe('probes', () => {
  const health = { path: '/health' };

  it('override the defaults', () => {
    const [startup, readiness, liveness] = probes({
      health,
      probes: { startup: { failureThreshold: 360 }, readiness: { httpGet: { path: '/ready', port: 'admin' } } },
    });
    expect(startup).toMatchObject({
      httpGet: { path: '/health', port: 'http' },
      periodSeconds: 5,
      failureThreshold: 360,
    });
    expect(readiness).toMatchObject({ httpGet: { path: '/ready', port: 'admin' }, periodSeconds: 10 });
    expect(liveness).toMatchObject({ failureThreshold: 6 });
  });

  it('replace the action as a whole', () => {
    const [startup] = probes({ health, probes: { startup: { exec: { command: ['true'] } } } });
    expect(startup).not.toHaveProperty('httpGet');
  });

  it('can be left out one by one', () => {
    const [startup, readiness, liveness] = probes({ health, probes: { liveness: false, startup: false } });
    expect([startup, liveness]).toEqual([undefined, undefined]);
    expect(readiness).toBeDefined();
  });

  it('refuse a port that does not exist', () => {
    const wrong = { liveness: { httpGet: { path: '/', port: 'https' } }, startup: { tcpSocket: { port: 'x' } } };
    expect(problemsWith({ ports, probes: wrong }).map(({ path }) => path)).toEqual([
      'apps.app.probes.liveness',
      'apps.app.probes.startup',
    ]);
  });

  it('refuse settings for a probe without an action', () => {
    expect(problemsWith({ ports: {}, probes: { liveness: { periodSeconds: 5 } } })).toMatchObject([
      { path: 'apps.app.probes.liveness', expected: expect.stringContaining('an action') },
    ]);
  });

  it('may name a port by number', () => {
    expect(problemsWith({ ports, probes: { liveness: { tcpSocket: { port: 1234 } } } })).toEqual([]);
  });
});
