import { createServer, type Server } from 'node:http';
import { connect, isIPv4, type Socket } from 'node:net';
import { stringify } from 'yaml';
import { joinSockets, listenOnSocket } from './sockets';

/** How the host reaches the kubelet of a machine. */
export interface KubeletAddress {
  /** The node's InternalIP, an IPv4 address that only the machines have. */
  readonly address: string;
  /** Port of the loopback that is forwarded to port 10250 of the machine. */
  readonly port: number;
}

/** Where every kubelet listens. */
export const KUBELET_PORT = 10250;

/**
 * The API server's way to kubelets, for logs, exec and port forwarding: it asks
 * this proxy for a connection to `<InternalIP>:10250`, and gets one to a port of
 * the loopback. It asks for Services (webhooks) as well, which have no route in
 * the lab: these get 502.
 *
 * Kubelets make their serving certificates themselves, and the API server does
 * not verify them: the path never leaves the loopback.
 */
export class Egress {
  private readonly kubelets = new Map<string, KubeletAddress>();
  private readonly connections = new Map<Socket, string>();

  /** Serves the proxy on a unix socket. `nodes` are the names that may be set. */
  static async listen(socket: string, nodes: readonly string[]): Promise<Egress> {
    const server = createServer((_request, response) => {
      response.writeHead(405, { 'content-type': 'text/plain' }).end('this proxy takes CONNECT only\n');
    });
    const egress = new Egress(server, nodes);
    server.on('connect', (request, client, head) => {
      egress.connect(request.url ?? '', client as Socket, head);
    });
    server.on('clientError', (_error, client) => client.destroy());
    await listenOnSocket(server, socket);
    return egress;
  }

  private constructor(
    readonly server: Server,
    private readonly nodes: readonly string[],
  ) {}

  /**
   * Sets where a node's kubelet is, and cuts its connections if it was elsewhere
   * before: the API server keeps and reuses them.
   */
  async set(node: string, kubelet: KubeletAddress): Promise<void> {
    this.check(node, kubelet);
    const before = this.kubelets.get(node);
    this.kubelets.set(node, kubelet);
    if (!before || (before.address === kubelet.address && before.port === kubelet.port)) return;
    const outdated = [...this.connections].filter(([, name]) => name === node);
    await Promise.all(
      outdated.map(([client]) => {
        return new Promise<void>((resolve) => {
          client.once('close', () => resolve());
          client.destroy();
        });
      }),
    );
  }

  private check(node: string, { address, port }: KubeletAddress): void {
    if (!this.nodes.includes(node)) {
      throw new Error(
        `the control plane has no kubelet ${JSON.stringify(node)}, it was started for ${this.nodes.join(' and ')}: ` +
          'name it in kubelets of startControlPlane()',
      );
    }
    if (!isIPv4(address)) {
      throw new Error(`kubelet ${node}: expected the IPv4 address of the node, got ${JSON.stringify(address)}`);
    }
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(`kubelet ${node}: expected a port from 1 to 65535, got ${port}`);
    }
    const [other] = [...this.kubelets].find(([name, known]) => name !== node && known.address === address) ?? [];
    if (other) throw new Error(`kubelet ${node}: ${address} is the address of ${other}, every node has one of its own`);
  }

  private connect(target: string, client: Socket, head: Buffer): void {
    client.on('error', () => client.destroy());
    const found = [...this.kubelets].find(([, { address }]) => target === `${address}:${KUBELET_PORT}`);
    if (!found) {
      refuse(client, `no kubelet is at ${target}, known are: ${this.describe()} (setKubelet); Services have no route`);
      return;
    }
    const [node, { port }] = found;
    this.connections.set(client, node);
    client.once('close', () => this.connections.delete(client));
    const kubelet = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const fail = (error: Error) => refuse(client, `the machine of ${node} does not answer: ${error.message}`);
    kubelet.once('error', fail);
    kubelet.once('connect', () => {
      kubelet.off('error', fail);
      if (client.destroyed) {
        kubelet.destroy();
        return;
      }
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      kubelet.write(head);
      joinSockets(client, kubelet);
    });
  }

  private describe(): string {
    const known = [...this.kubelets].map(([node, { address }]) => `${node} at ${address}:${KUBELET_PORT}`);
    return known.join(', ') || 'none';
  }
}

/** Tells the API server to use the proxy on that socket. */
export function egressConfiguration(socket: string): string {
  return stringify({
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } },
      },
    ],
  });
}

/** The API server shows the status line alone, so the reason is in there. */
function refuse(client: Socket, reason: string): void {
  client.end(`HTTP/1.1 502 ${reason.replace(/[^ -~]/g, '?')}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}
