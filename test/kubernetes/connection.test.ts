import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../lib/kubernetes/connection';

const SECONDS = 2;
const NODES = { apiVersion: 'v1', kind: 'Node' };

/** Accepts connections and stays silent. */
let server: Server;
const sockets = new Set<Socket>();
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-silent-'));
  server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true });
});

/** Asks for the nodes. @returns the error, and how long it took to come */
async function ask(user: object): Promise<{ readonly error: Error; readonly seconds: number }> {
  const kubeconfig = path.join(folder, 'kubeconfig');
  const { port } = server.address() as AddressInfo;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'home', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'home', context: { cluster: 'home', user: 'me' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  vi.stubEnv('KUBECONFIG', kubeconfig);
  const { objects } = await connect('home', SECONDS);
  const begun = performance.now();
  const error = await objects.list(NODES.apiVersion, NODES.kind).then(
    () => new Error('it was answered'),
    (thrown: Error) => thrown,
  );
  return { error, seconds: (performance.now() - begun) / 1000 };
}

describe('a request ends at its deadline', () => {
  it('if the server accepts the connection and stays silent', async () => {
    const { error, seconds } = await ask({});
    expect(error.name).toBe('AbortError');
    expect(seconds).toBeLessThan(SECONDS + 20);
  });

  it('if a credential plugin does not end, and ends it', async () => {
    const written = path.join(folder, 'pid');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'bash',
      args: ['-c', `echo $$ >'${written}'; exec sleep 60`],
    };
    const { error, seconds } = await ask({ exec });
    expect(error.message).toContain('credential plugin');
    expect(seconds).toBeLessThan(SECONDS + 20);
    expect(sockets.size).toBe(0);
    const plugin = Number(readFileSync(written, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(plugin, 0)).toThrow('ESRCH'), { timeout: 20_000 });
  });
});
