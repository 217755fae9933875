import { describe, expect, it } from 'vitest';
import { namesSecret } from '../../lib/core/secret-names';
import { containerWith, environmentWith, problemsWith, untyped } from '../helpers';

const secretKeyRef = { name: 'app', key: 'token' };

describe('env', () => {
  it('accepts strings, numbers, booleans and sources, in the given order', () => {
    const env = {
      B: 'x',
      A: 1,
      C: false,
      D: '',
      TOKEN: { secretKeyRef },
      E: { fieldRef: { fieldPath: 'status.hostIP' } },
    };
    expect(containerWith({ env }).env).toEqual([
      { name: 'B', value: 'x' },
      { name: 'A', value: '1' },
      { name: 'C', value: 'false' },
      { name: 'D', value: '' },
      { name: 'TOKEN', valueFrom: { secretKeyRef } },
      { name: 'E', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
    ]);
  });

  it('comes between identity and the variables of `container`', () => {
    const container = { env: [{ name: 'LAST', value: '$(FIRST)' }], envFrom: [{ secretRef: { name: 'vpn' } }] };
    const props = { puid: 1, env: { FIRST: 'x' }, container };
    expect(Object.keys(environmentWith(props))).toEqual(['PUID', 'FIRST', 'LAST']);
    expect(containerWith(props).envFrom).toEqual(container.envFrom);
  });

  it('overrides an identity that only the cluster sets', () => {
    const defaults = { puid: 1000, timezone: 'Etc/UTC' };
    expect(environmentWith({ env: { PUID: 0 } }, { defaults })).toEqual({ TZ: 'Etc/UTC', PUID: '0' });
    const container = { env: [{ name: 'TZ', value: 'UTC' }] };
    expect(environmentWith({ container }, { defaults })).toEqual({ PUID: '1000', TZ: 'UTC' });
  });

  it.each([
    ['an object that is no source', { A: untyped({ value: 'x' }) }, 'env.A', 'secretKeyRef'],
    ['two sources', { A: { secretKeyRef, fieldRef: { fieldPath: 'x' } } }, 'env.A', 'one of secretKeyRef'],
    ['a name with "="', { 'A=B': 'x' }, 'env["A=B"]', 'a name'],
    ['a list', untyped([{ name: 'A', value: 'x' }]), 'env', 'an object'],
  ])('refuses %s', (_, env, path, expected) => {
    expect(problemsWith({ env })).toMatchObject([
      { path: `apps.app.${path}`, expected: expect.stringContaining(expected) },
    ]);
  });
});

describe('a plain secret', () => {
  const asList = (name: string, value: string) => [{ name, value }];

  it.each([
    ['env', { env: { SONARR__AUTH__APIKEY: 'abc' } }, 'env.SONARR__AUTH__APIKEY'],
    ['env, as a number', { env: { DB_PASSWORD: 123456 } }, 'env.DB_PASSWORD'],
    ['container.env', { container: { env: asList('API_KEY', 'abc') } }, 'container.env[0].value'],
    [
      'a sidecar',
      { pod: { containers: [{ name: 'vpn', env: asList('WIREGUARD_PRIVATE_KEY', 'abc') }] } },
      'pod.containers[0].env[0].value',
    ],
    [
      'an init container',
      { pod: { initContainers: [{ name: 'init', env: asList('VPN_PASS', 'abc') }] } },
      'pod.initContainers[0].env[0].value',
    ],
  ])('is refused in %s, and not shown', (_, props, path) => {
    const problems = problemsWith(props);
    expect(problems).toMatchObject([
      {
        path: `apps.app.${path}`,
        expected: 'a reference to a Secret',
        remedy: expect.stringContaining('secretKeyRef'),
      },
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/abc|123456/);
  });

  it('may be empty or a reference', () => {
    const container = { env: [{ name: 'TOKEN', valueFrom: { secretKeyRef } }] };
    expect(problemsWith({ env: { PASSWORD: '', API_KEY: { secretKeyRef } }, container })).toEqual([]);
  });

  it.each([
    'PASSWORD',
    'db_password',
    'VPN_PASSWD',
    'OPENVPN_PASS',
    'KEY_PASSPHRASE',
    'CLIENT_SECRET',
    'GITHUB_TOKEN',
    'RADARR__AUTH__APIKEY',
    'API_KEY',
    'PRIVATE_KEY',
    'WIREGUARD_PRESHARED_KEY',
    'SECRET_KEY',
  ])('is recognised by the name %s', (name) => expect(namesSecret(name)).toBe(true));

  it.each(['PASSWORD_FILE', 'BYPASS', 'KEY', 'TOKEN_TTL', 'SECRETARY', 'PUID', 'KEYBOARD'])('is not %s', (name) =>
    expect(namesSecret(name)).toBe(false),
  );
});
