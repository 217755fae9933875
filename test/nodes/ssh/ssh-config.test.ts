import { homedir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSshConfig, sshConfigOf } from '../../../lib/nodes/ssh/ssh-config';
import { OwnSsh } from './own-ssh';

let own: OwnSsh;
beforeEach(() => {
  own = new OwnSsh();
  for (const [name, value] of Object.entries(own.environment)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  own.remove();
});

const node = { name: 'node-a', ssh: 'admin@192.0.2.210' };

describe('the configuration of ssh for a node', () => {
  it('is taken from the address if there is nothing else', async () => {
    expect(await sshConfigOf(node)).toEqual({
      user: 'admin',
      host: '192.0.2.210',
      port: 22,
      hostKeyAlias: undefined,
      knownHostsFiles: [own.knownHosts, '/dev/null'],
      identityFiles: [own.path('id')],
      identitiesOnly: false,
      identityAgent: undefined,
      proxy: undefined,
    });
  });

  it.each<[string, string, object]>([
    ['admin@[2001:db8::1]:2222', '', { host: '2001:db8::1', port: 2222 }],
    [
      'admin@nuc',
      'Host nuc\nHostName 192.0.2.210\nPort 2222\nUser root',
      { user: 'admin', host: '192.0.2.210', port: 2222 },
    ],
    ['admin@nuc:22', 'Host nuc\nPort 2222', { host: 'nuc', port: 22 }],
    [
      'admin@nuc',
      'Host nuc\nHostKeyAlias node-a\nIdentitiesOnly yes',
      { hostKeyAlias: 'node-a', identitiesOnly: true },
    ],
    ['admin@nuc', 'Host nuc\nIdentityAgent "/run/an agent"', { identityAgent: '/run/an agent' }],
    ['admin@nuc', 'Host nuc\nProxyJump bastion', { proxy: 'ProxyJump bastion' }],
    ['admin@nuc', 'Host nuc\nProxyCommand nc %h %p', { proxy: 'ProxyCommand nc %h %p' }],
    ['admin@nuc', 'Host nuc\nProxyCommand none', { proxy: undefined }],
  ])('of %s with %j', async (ssh, config, expected) => {
    own.configure(config);
    expect(await sshConfigOf({ name: 'node-a', ssh })).toMatchObject(expected);
  });

  it('has its identity files expanded', async () => {
    own.configure('Host *\nIdentityFile ~/.ssh/%h-%r\nIdentityFile "/keys/of me/%%"');
    const { identityFiles } = await sshConfigOf(node);
    expect(identityFiles.slice(0, 2)).toEqual([`${homedir()}/.ssh/192.0.2.210-admin`, '/keys/of me/%']);
  });

  it('that ssh can’t read is reported with ssh’s message', async () => {
    own.configure('Prot 22');
    await expect(sshConfigOf(node)).rejects.toThrow(/^node node-a \(admin@192\.0\.2\.210\): ssh can't read .*prot/is);
  });
});

it('treats "none" as no proxy, in any case', () => {
  expect(parseSshConfig('user a\nhostname b\nport 22\nproxyjump none\n').proxy).toBeUndefined();
});
