import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { until } from '../until';
import type { Fixture } from './fixture';

/**
 * A way to the API server on which the writes of one object wait until they are released, and all else passes: whoever
 * goes that way is held there for as long as a test needs, however slow it is.
 */
export class HeldWrite {
  private readonly waiting = new Set<() => void>();
  private readonly agent: Agent;
  private isReleased = false;

  private constructor(
    private readonly api: URL,
    private readonly object: string,
    private readonly server: Server,
    /** A kubeconfig that leads this way. */
    readonly kubeconfig: string,
    authority: Buffer,
  ) {
    this.agent = new Agent({ ca: authority, keepAlive: true });
    server.on('request', (call: IncomingMessage, answer: ServerResponse) => this.receive(call, answer));
  }

  /** @param object its resource and name, as in `deployments/radarr` */
  static async of({ controlPlane, project }: Fixture, object: string): Promise<HeldWrite> {
    const file = (name: string) => readFileSync(path.join(controlPlane.folder, 'api', name));
    // It passes for the API server itself. Without HTTP/2, which the clients do not insist on.
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

  /** Whether somebody is held, that is: has everything behind itself that comes before this write. */
  whenHeld(): Promise<boolean> {
    return until(`a write of ${this.object}`, 240, () => this.waiting.size > 0);
  }

  /** Lets those who are held go on, and holds nobody any more. */
  release(): void {
    this.isReleased = true;
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  /** Ends this way. Whoever is held gets no answer. */
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
    // Who creates an object names it in the path (an apply) or, with POST, in the body alone.
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
    // A watch lasts until its reader goes.
    answer.once('close', () => forwarded.destroy());
    call.pipe(forwarded);
  }
}
