import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ConnectConfig } from 'ssh2';
import type { Logger } from './logger';
import { requireLoopback } from './loopback';
import { isObject, secret, within } from './values';

/** Where to connect to, after the defaults are filled in. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** -1: try for ever. */
  readonly dialErrorLimit: number;
  readonly perDialTimeout: number;
  readonly hostKey?: string;
}

export interface Connection extends Endpoint {
  readonly proxy?: Endpoint;
}

const DEFAULTS = { user: 'root', port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

/** Fills in the defaults and marks what is secret, as the official provider does before a diff. */
export function normalize(connection: unknown): unknown {
  return secret(
    within(connection, (value) => {
      if (!isObject(value)) return value;
      const filled: Record<string, unknown> = { ...DEFAULTS, ...value };
      for (const name of ['password', 'privateKey', 'privateKeyPassword']) {
        if (filled[name] !== undefined) filled[name] = secret(filled[name]);
      }
      if (filled.proxy !== undefined) filled.proxy = normalize(filled.proxy);
      return filled;
    }),
  );
}

/** Opens a connection, or says after how many attempts it gave up. */
export async function dial(connection: Connection, logger: Logger): Promise<Client> {
  requireLoopback(connection.host, 'host');
  const { proxy } = connection;
  if (!proxy) return retry('Dial', connection, logger, () => open(connection));
  requireLoopback(proxy.host, 'proxy.host');
  try {
    const bridge = await retry('Dial proxy', proxy, logger, () => open(proxy));
    const client = await retry('Dial from proxy', connection, logger, () => openThrough(bridge, connection));
    client.on('close', () => bridge.end());
    return client;
  } catch (error) {
    throw new Error(`proxy: ${(error as Error).message}`);
  }
}

async function retry<T>(what: string, endpoint: Endpoint, logger: Logger, attempt: () => Promise<T>): Promise<T> {
  const limit = endpoint.dialErrorLimit;
  let delay = 100;
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      failures++;
      if (limit >= 0 && failures > limit) {
        throw new Error(`after ${failures - 1} failed attempts: ${(error as Error).message}`);
      }
      logger.status(`${what} ${failures}/${limit < 0 ? 'inf' : limit} failed: retrying`);
      await sleep(delay);
      delay = Math.min(delay * 1.5, 5000);
    }
  }
}

async function open(endpoint: Endpoint, socket?: ConnectConfig['sock']): Promise<Client> {
  const agent = endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  // The official provider fails on a dead agent even when a key is given.
  if (agent) await probeAgent(agent);
  return new Promise((resolve, reject) => {
    const client = new Client();
    let refusedKey = false;
    client.once('ready', () => resolve(client));
    client.once('error', (error) =>
      reject(refusedKey ? new Error('ssh: handshake failed: ssh: host key mismatch') : error),
    );
    client.on('keyboard-interactive', (_name, _text, _language, prompts, answer) =>
      answer(prompts.map(() => endpoint.password ?? '')),
    );
    const expected = endpoint.hostKey === undefined ? undefined : parseHostKey(endpoint.hostKey);
    client.connect({
      host: endpoint.host,
      port: endpoint.port,
      username: endpoint.user,
      ...(endpoint.privateKey ? { privateKey: endpoint.privateKey } : {}),
      ...(endpoint.privateKeyPassword ? { passphrase: endpoint.privateKeyPassword } : {}),
      ...(endpoint.password ? { password: endpoint.password, tryKeyboard: true } : {}),
      ...(agent ? { agent } : {}),
      ...(socket ? { sock: socket } : {}),
      readyTimeout: endpoint.perDialTimeout * 1000,
      ...(expected
        ? {
            algorithms: { serverHostKey: expected.algorithms as never },
            hostVerifier: (key: Buffer) => {
              refusedKey = !key.equals(expected.key);
              return !refusedKey;
            },
          }
        : {}),
    });
  });
}

function openThrough(bridge: Client, target: Endpoint): Promise<Client> {
  return new Promise((resolve, reject) => {
    bridge.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
      if (error) reject(error);
      else open(target, channel).then(resolve, reject);
    });
  });
}

/** A key as `known_hosts` and `.pub` files write it: type, base64, comment. */
function parseHostKey(text: string): { algorithms: string[]; key: Buffer } {
  const [type = '', encoded = ''] = text.trim().split(/\s+/);
  if (encoded === '')
    throw new Error(`failed to parse host key: expected "<type> <base64>", got ${JSON.stringify(text)}`);
  const algorithms = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
  return { algorithms, key: Buffer.from(encoded, 'base64') };
}

function probeAgent(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
