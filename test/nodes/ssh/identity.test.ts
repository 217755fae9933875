import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityFor } from '../../../lib/nodes/ssh/identity';
import { OwnSsh } from './own-ssh';

const node = { name: 'node-a', ssh: 'admin@192.0.2.210' };

let own: OwnSsh;
let agent: ChildProcess | undefined;
beforeEach(() => {
  own = new OwnSsh();
  vi.stubEnv('SSH_AUTH_SOCK', '');
});
afterEach(() => {
  agent?.kill();
  agent = undefined;
  vi.unstubAllEnvs();
  own.remove();
});

/** Starts an agent with keys, and returns its socket. */
async function startAgent(...keys: string[]): Promise<string> {
  const socket = own.path('agent');
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  while (!existsSync(socket)) await sleep(20);
  for (const key of keys) {
    own.makeKey(key);
    execFileSync('ssh-add', ['-q', own.path(key)], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  }
  return socket;
}

function identity(more: { readonly identityAgent?: string; readonly identitiesOnly?: boolean } = {}) {
  const identityFiles = [own.path('missing'), own.path('locked'), own.path('id')];
  const config = { user: 'admin', host: '192.0.2.210', port: 22, knownHostsFiles: [], identityFiles };
  return identityFor(node, { ...config, identitiesOnly: false, ...more });
}

const text = (name: string) => readFileSync(own.path(name), 'utf8');

describe('the identity for a node', () => {
  it('is the first private key without a passphrase, if there is no agent', async () => {
    own.makeKey('locked', { passphrase: 'correct horse' });
    own.makeKey('id');
    expect(await identity()).toEqual({ privateKey: text('id') });
  });

  it('is the agent of the environment, which is not stored', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', await startAgent('other'));
    own.makeKey('id');
    expect(await identity()).toEqual({});
    expect(await identity({ identityAgent: 'none' })).toEqual({ privateKey: text('id') });
  });

  it('is the agent that the configuration names', async () => {
    const socket = await startAgent('other');
    expect(await identity({ identityAgent: socket })).toEqual({ agentSocketPath: socket });
    vi.stubEnv('MY_AGENT', socket);
    expect(await identity({ identityAgent: '$MY_AGENT' })).toEqual({ agentSocketPath: socket });
  });

  it('is a private key if the agent has no usable one', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', await startAgent());
    own.makeKey('id');
    expect(await identity()).toEqual({ privateKey: text('id') });
    own.makeKey('other');
    execFileSync('ssh-add', ['-q', own.path('other')]);
    expect(await identity({ identitiesOnly: true })).toEqual({ privateKey: text('id') });
    execFileSync('ssh-add', ['-q', own.path('id')]);
    expect(await identity({ identitiesOnly: true })).toEqual({});
  });

  it('is missing if there is no key', async () => {
    own.makeKey('locked', { passphrase: 'correct horse' });
    await expect(identity()).rejects.toThrow(
      /^node node-a \(admin@192\.0\.2\.210\): no agent has a key for it, and there is none without a passphrase in .*locked.*"ssh-add"$/,
    );
  });

  it('is not taken from a key if the agent is dead, because the command plugin fails then', async () => {
    own.makeKey('id');
    writeFileSync(own.path('dead'), '');
    vi.stubEnv('SSH_AUTH_SOCK', own.path('dead'));
    await expect(identity()).rejects.toThrow(/dead does not answer: start it, or unset SSH_AUTH_SOCK$/);
  });
});
