import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client';
import type { Children } from './children';
import type { StateFolder } from './files';
import type { Service } from './services';

const NAME = 'kube-apiserver';
const PORT_ATTEMPTS = 5;

export interface ApiServerStart {
  readonly children: Children;
  readonly folder: StateFolder;
  readonly service: (port: number) => Service;
  /** Of the administrator. */
  readonly token: string;
  /** The port it must have. @default any free one */
  readonly port?: number;
  /** In milliseconds since 1970. */
  readonly deadline: number;
}

export interface StartedApiServer {
  readonly port: number;
  /** As the administrator; to be closed. */
  readonly api: ApiClient;
}

/** Starts the API server and waits until it answers. */
export async function startApiServer(start: ApiServerStart): Promise<StartedApiServer> {
  const { children, deadline } = start;
  let taken = false;
  for (let attempt = 1; ; attempt++) {
    // One that was free a moment ago may be taken by now: the server ends then.
    const port = start.port ?? (await freePort());
    children.start(start.service(port));
    const api = await whenAnswering(start, port).catch((error: Error) => {
      throw taken && start.port ? portTaken(port) : error;
    });
    if (api) return { port, api };
    const log = children.lastLines(NAME);
    taken = log.includes('address already in use');
    if (!taken || (start.port === undefined && attempt === PORT_ATTEMPTS)) {
      throw new Error(`${NAME} ended at its start:\n${log}`);
    }
    if (start.port === undefined) continue;
    if (Date.now() > deadline) throw portTaken(port);
    await sleep(250);
  }
}

function portTaken(port: number): Error {
  return new Error(
    `${NAME} can't have its port ${port} back: another program took it while the server was stopped. ` +
      'End that program ("ss -ltnp" names it) and try again, or start a new control plane',
  );
}

/** Nothing when it ended by itself. */
async function whenAnswering(start: ApiServerStart, port: number): Promise<ApiClient | undefined> {
  const { children, folder, token, deadline } = start;
  let api: ApiClient | undefined;
  while (children.isRunning(NAME)) {
    if (!api && existsSync(folder.serverCertificate)) {
      api = new ApiClient(serverAddress(port), token, readFileSync(folder.serverCertificate));
    }
    // Its own certificate tells it from a stranger that took the port.
    if (api && (await api.isReady())) return api;
    children.assertRunning(NAME);
    if (Date.now() > deadline) throw new Error(`${NAME} is not ready in time:\n${children.lastLines(NAME)}`);
    await sleep(50);
  }
  api?.close();
  return undefined;
}

/** Where this host finds the API server. */
export function serverAddress(port: number): string {
  return `https://127.0.0.1:${port}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
