import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownHostKeys } from '../../../lib/nodes/ssh/known-keys';
import { OwnSsh } from './own-ssh';

let own: OwnSsh;
beforeEach(() => {
  own = new OwnSsh();
});
afterEach(() => own.remove());

function keysOf(more: { readonly port?: number; readonly hostKeyAlias?: string } = {}) {
  const knownHostsFiles = [own.path('missing'), own.knownHosts];
  return knownHostKeys({
    user: 'admin',
    host: 'Nuc.example.com',
    port: 22,
    identityFiles: [],
    identitiesOnly: false,
    knownHostsFiles,
    ...more,
  });
}

describe('the known host keys of a node', () => {
  it('are none if known_hosts has none', async () => {
    own.know(`other.example.com ${own.makeKey('a')}\n`);
    expect(await keysOf()).toEqual([]);
  });

  it('are found under its name, hashed or not, and with its port', async () => {
    const [plain, other, ported] = [own.makeKey('a'), own.makeKey('b', { type: 'ecdsa' }), own.makeKey('c')];
    own.know(
      `192.0.2.210,nuc.example.com ${plain} of nuc\nnuc.example.com ${other}\n[nuc.example.com]:2222 ${ported}\n`,
    );
    execFileSync('ssh-keygen', ['-q', '-H', '-f', own.knownHosts], { stdio: 'ignore' });
    expect(await keysOf()).toEqual([plain, other]);
    expect(await keysOf({ port: 2222 })).toEqual([ported]);
    // As ssh does where none is known with the port.
    expect(await keysOf({ port: 2223 })).toEqual([plain, other]);
  });

  it('are found under its alias, whatever its port', async () => {
    const key = own.makeKey('a');
    own.know(`node-a ${key}\n`);
    expect(await keysOf({ hostKeyAlias: 'node-a', port: 2222 })).toEqual([key]);
  });

  it('do not include revoked keys or certificate authorities', async () => {
    const [key, revoked, authority] = [own.makeKey('a'), own.makeKey('b'), own.makeKey('c')];
    const name = 'nuc.example.com';
    own.know(`${name} ${key}\n${name} ${revoked}\n@revoked ${name} ${revoked}\n@cert-authority ${name} ${authority}\n`);
    expect(await keysOf()).toEqual([key]);
  });
});
