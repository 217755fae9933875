/**
 * Owns the processes of one control plane. It ends them and removes the folder
 * when it is told to, and when its owner is gone, however that came about: the
 * channel to the owner closes with it.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, findEngine } from '../engine/engine';
import { identify } from '../engine/process-identity';
import { ApiClient } from './api-client';
import { createObjects, whenUsable } from './bootstrap';
import { Children } from './children';
import { StateFolder } from './files';
import type { Order, Report } from './messages';
import { apiServer, etcd, others, writeLocalPathFiles } from './services';

const PORT_ATTEMPTS = 5;

let finish: ((code: number) => Promise<never>) | undefined;
let durable = false;

process.on('message', (order: Order) => {
  if (order.kind === 'start') void start(order);
  else if (order.kind === 'detach') durable = true;
  else void finish?.(0);
});
process.on('disconnect', () => {
  if (!durable) void finish?.(0);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void finish?.(0));

function report(message: Report): void {
  if (process.connected) process.send?.(message);
}

async function start(order: Extract<Order, { kind: 'start' }>): Promise<void> {
  const folder = new StateFolder(order.folder);
  folder.write('supervisor.json', JSON.stringify(identify(process.pid)));
  const children = new Children(folder, (name) => report({ kind: 'ended', name, log: children.lastLines(name) }));
  finish = async (code) => {
    await children.end();
    rmSync(order.folder, { recursive: true, force: true });
    process.exit(code);
  };
  // The owner may have gone before there was anything to listen to it.
  if (!process.connected) await finish(0);
  try {
    const server = await bringUp(folder, children, order);
    folder.write('ready.json', JSON.stringify({ server }));
    report({ kind: 'ready', server, pids: [process.pid, ...children.pids] });
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
    await finish(1);
  }
}

async function bringUp(
  folder: StateFolder,
  children: Children,
  order: Extract<Order, { kind: 'start' }>,
): Promise<string> {
  const engine = await findEngine();
  const deadline = Date.now() + order.timeoutSeconds * 1000;
  const tokens = folder.writeCredentials();
  writeLocalPathFiles(folder);
  children.start(etcd(engine, folder));
  const { server, api } = await startApiServer(folder, children, engine, tokens.admin, deadline);
  folder.writeKubeconfigs(server, tokens);
  const crds = engine.files('gateway-api');
  try {
    const created = createObjects(api, order.nodes, crds);
    for (const service of others(engine, folder)) children.start(service);
    await created;
    await whenUsable(api, order.nodes, crds, () => {
      children.assertRunning();
      children.assertRunning('kube-apiserver');
      if (Date.now() > deadline) throw new Error(`not usable after ${order.timeoutSeconds} s`);
    });
  } finally {
    api.close();
  }
  return server;
}

/** A port that was free a moment ago may be taken by now: the server ends then, and gets another. */
async function startApiServer(
  folder: StateFolder,
  children: Children,
  engine: Engine,
  token: string,
  deadline: number,
): Promise<{ server: string; api: ApiClient }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = `https://127.0.0.1:${port}`;
    children.start(apiServer(engine, folder, port));
    let api: ApiClient | undefined;
    while (children.isRunning('kube-apiserver')) {
      if (!api && existsSync(folder.serverCertificate)) {
        api = new ApiClient(server, token, readFileSync(folder.serverCertificate));
      }
      // Its own certificate tells it from a stranger that took the port.
      if (await api?.isReady()) return { server, api: api as ApiClient };
      children.assertRunning('kube-apiserver');
      if (Date.now() > deadline)
        throw new Error(`kube-apiserver is not ready in time:\n${children.lastLines('kube-apiserver')}`);
      await sleep(50);
    }
    api?.close();
    const log = children.lastLines('kube-apiserver');
    if (!log.includes('address already in use') || attempt === PORT_ATTEMPTS) {
      throw new Error(`kube-apiserver ended at its start:\n${log}`);
    }
  }
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
