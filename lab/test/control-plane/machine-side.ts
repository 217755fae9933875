/** What a lab machine does with the control plane, done on this host. */
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { parse } from 'yaml';
import type { ControlPlane } from '../../control-plane/control-plane';

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'tls-server-name': string; 'certificate-authority-data': string } }];
  users: [{ user: { token: string } }];
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server answers
  readonly body: any;
}

/** Sends a request to the API server as a node's kubelet, through the socket that machines are connected to. */
export function asKubelet(
  controlPlane: ControlPlane,
  node: string,
  method: string,
  path: string,
  object?: object,
): Promise<Answer> {
  const config = parse(controlPlane.kubeletKubeconfig(node)) as Kubeconfig;
  const { cluster } = config.clusters[0];
  return new Promise((resolve, reject) => {
    const call = request({
      method,
      path,
      headers: {
        host: new URL(cluster.server).host,
        authorization: `Bearer ${config.users[0].user.token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      createConnection: () =>
        connectTls({
          path: controlPlane.socket,
          servername: cluster['tls-server-name'],
          ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
        }),
    });
    call.on('error', reject);
    call.on('response', async (response) => {
      const text = (await response.toArray()).join('');
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
    });
    call.end(object && JSON.stringify(object));
  });
}

/** Serves the logs of any container as a kubelet does, and nothing else. Returns its port. */
export async function serveLogs(controlPlane: ControlPlane, text: string): Promise<{ port: number; server: Server }> {
  const file = (name: string) => readFileSync(join(controlPlane.folder, 'api', name));
  // Any certificate will do, as with a kubelet's own.
  const server = createServer({ cert: file('apiserver.crt'), key: file('apiserver.key') }, (call, response) => {
    if (call.url?.startsWith('/containerLogs/')) response.end(`${text} ${call.url}\n`);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

/** The path by which a kubelet lists nodes: it may see only its own. */
export function itself(name: string): string {
  return `/api/v1/nodes?fieldSelector=metadata.name%3D${name}`;
}

/** A node as its kubelet registers it. */
export function node(name: string, address: string): object {
  const capacity = { cpu: '1', memory: '1Gi', pods: '10' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: {
      capacity,
      allocatable: capacity,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      addresses: [{ type: 'InternalIP', address }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    },
  };
}
