import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectionTo } from '../../lib/pulumi/connection';
import { OwnSsh } from '../nodes/ssh/own-ssh';

let own: OwnSsh;
beforeEach(() => {
  own = new OwnSsh();
  own.makeKey();
  for (const [name, value] of Object.entries(own.environment)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  own.remove();
});

const node = { name: 'node-a', ssh: 'admin@nuc' };

describe('the connection to a node', () => {
  it('follows the configuration of ssh, and prefers the known Ed25519 key', async () => {
    const [ecdsa, ed25519] = [own.makeKey('a', { type: 'ecdsa' }), own.makeKey('b')];
    own.know(`[192.0.2.210]:2222 ${ecdsa}\n[192.0.2.210]:2222 ${ed25519}\n`);
    own.configure('Host nuc\nHostName 192.0.2.210\nPort 2222');
    expect(await connectionTo(node)).toEqual({
      host: '192.0.2.210',
      port: 2222,
      user: 'admin',
      hostKey: ed25519,
      privateKey: readFileSync(own.path('id'), 'utf8'),
    });
  });

  it('has only the described host key', async () => {
    const [described, known] = [own.makeKey('a', { type: 'ecdsa' }), own.makeKey('b')];
    own.know(`nuc ${known}\n`);
    expect(await connectionTo({ ...node, hostKey: described })).toMatchObject({ host: 'nuc', hostKey: described });
  });

  it.each<[string, (own: OwnSsh) => void, RegExp]>([
    [
      'a jump host stands between',
      (own) => own.configure('Host nuc\nProxyJump bastion'),
      /^node node-a \(admin@nuc\) is reached through ProxyJump bastion, which .* prepare it with "lunward nodes", and this stack with `pulumi config set nodes false`$/,
    ],
    [
      'a command stands between',
      (own) => own.configure('Host nuc\nProxyCommand nc %h %p'),
      /through ProxyCommand nc %h %p, which/,
    ],
    [
      'no host key is known',
      () => {},
      /^node node-a \(admin@nuc\): its host key is not in .*known_hosts.*: log in once by hand with "ssh admin@nuc".* as hostKey$/,
    ],
    [
      'only an RSA key is known',
      (own) => own.know(`nuc ${own.makeKey('a', { type: 'rsa' })}\n`),
      /known_hosts.* has ssh-rsa: write the node's Ed25519 key into the description/,
    ],
  ])('is refused where %s', async (_, arrange, message) => {
    arrange(own);
    await expect(connectionTo(node)).rejects.toThrow(message);
  });
});
