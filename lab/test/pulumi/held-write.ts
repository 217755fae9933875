import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { until } from '../until';
import type { Fixture } from './fixture';

/**
 * A proxy for the API server. It holds back all writes of one object until they are released, and forwards everything
 * else at once. So a test can stop a client at that write for as long as it needs.
 */
export class HeldWrite {
  private readonly waiting = new Set<() => void>();
  private readonly agent: Agent;
  private isReleased = false;

  private constructor(
    private readonly api: URL,
    private readonly object: string,
    private readonly server: Server,
    /** A kubeconfig that uses the proxy. */
    readonly kubeconfig: string,
    authority: Buffer,
  ) {
    this.agent = new Agent({ ca: authority, keepAlive: true });
    server.on('request', (call: IncomingMessage, answer: ServerResponse) => this.receive(call, answer));
  }

  /** @param object its resource and name, as in `deployments/radarr` */
  static async of({ controlPlane, project }: Fixture, object: string): Promise<HeldWrite> {
    const file = (name: string) => readFileSync(path.join(controlPlane.folder, 'api', name));
    // It has the certificate of the API server. It does not support HTTP/2, which clients do not need.
    const patient = { requestTimeout: 0, keepAliveTimeout: 600_000 };
    const server = createServer({ cert: file('apiserver.crt'), key: file('apiserver.key'), ...patient });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new URL(controlPlane.server);
    const kubeconfig = path.join(project.folder, 'held.kubeconfig');
    const straight = readFileSync(project.environment.KUBECONFIG ?? '', 'utf8');
    const { port } = server.address() as AddressInfo;
    writeFileSync(kubeconfig, straight.replaceAll(api.host, `127.0.0.1:${port}`), { mode: 0o600 });
    return new HeldWrite(api, object, server, kubeconfig, file('apiserver.crt'));
  }

  /** Waits until a client sends such a write. By then it has done everything that comes before it. */
  whenHeld(): Promise<boolean> {
    return until(`a write of ${this.object}`, 240, () => this.waiting.size > 0);
  }

  /** Forwards the writes that are held back, and all later ones at once. */
  release(): void {
    this.isReleased = true;
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  /** Stops the proxy. Writes that are still held back get no answer. */
  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive(call: IncomingMessage, answer: ServerResponse): void {
    const go = () => this.pass(call, answer);
    if (this.isReleased || !this.isHeld(call)) {
      go();
    } else {
      this.waiting.add(go);
      answer.once('close', () => this.waiting.delete(go));
    }
  }

  private isHeld({ method, url }: IncomingMessage): boolean {
    const { pathname, searchParams } = new URL(url ?? '', this.api);
    if (method === 'GET' || searchParams.has('dryRun')) return false;
    // An apply has the object's name in its path; a POST that creates it has the name only in its body.
    const [resource = ''] = this.object.split('/');
    return pathname.endsWith(`/${this.object}`) || (method === 'POST' && pathname.endsWith(`/${resource}`));
  }

  private pass(call: IncomingMessage, answer: ServerResponse): void {
    const { method, headers } = call;
    const forwarded = request(new URL(call.url ?? '', this.api), { method, headers, agent: this.agent });
    forwarded.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
      response.on('error', () => answer.destroy());
    });
    forwarded.on('error', () => answer.destroy());
    // A watch lasts until its client closes it.
    answer.once('close', () => forwarded.destroy());
    call.pipe(forwarded);
  }
}
