import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an API server answers: a status code and a body, by path. */
export type Answers = Readonly<Record<string, readonly [code: number, body: object]>>;

const resources = ['configmaps', 'pods'].map((name) => ({
  name,
  kind: name === 'pods' ? 'Pod' : 'ConfigMap',
  namespaced: true,
  verbs: ['get', 'list'],
}));

/** Stands in for an API server that is read from, and makes a kubeconfig of it. */
export class StandInCluster {
  answers: Answers = {};
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  private server: Server | undefined;

  /** @param kubeconfig the file to write */
  async start(kubeconfig: string): Promise<void> {
    this.server = createServer(({ url = '' }, response) => {
      const path = url.replace(/\?.*/, '');
      this.asked.push(path);
      const missing = [404, { kind: 'Status', message: `no ${path}` }] as const;
      const known = { '/api/v1': [200, { kind: 'APIResourceList', groupVersion: 'v1', resources }] as const };
      const [code, body] = { ...known, ...this.answers }[path] ?? missing;
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((listening) => this.server?.listen(0, '127.0.0.1', listening));
    const { port } = this.server.address() as AddressInfo;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'home', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'me', user: {} }],
      contexts: [{ name: 'home', context: { cluster: 'home', user: 'me' } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => this.server?.close(closed));
  }
}
