import { Agent, request } from 'node:https';

/** For an answer, in seconds. Whoever took the server's port may never give one. */
const TIMEOUT = 30;
const READY_TIMEOUT = 2;

/** A few calls to the API server, without loading a client library for them. */
export class ApiClient {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    private readonly token: string,
    authority: Buffer,
  ) {
    this.agent = new Agent({ ca: authority, keepAlive: true, maxSockets: 8 });
  }

  /** Nothing where there is no such object. */
  async get<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.send('GET', path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path} was answered with ${status}: ${body}`);
    return JSON.parse(body) as T;
  }

  async post(path: string, object: object): Promise<void> {
    const { status, body } = await this.send('POST', path, JSON.stringify(object));
    if (status !== 201) throw new Error(`POST ${path} was answered with ${status}: ${body}`);
  }

  /** Whether the server answers and says it is ready. */
  async isReady(): Promise<boolean> {
    const answer = await this.send('GET', '/readyz', undefined, READY_TIMEOUT).catch(() => undefined);
    return answer?.status === 200;
  }

  close(): void {
    this.agent.destroy();
  }

  private send(
    method: string,
    path: string,
    content?: string,
    timeoutSeconds = TIMEOUT,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.server), {
        method,
        agent: this.agent,
        timeout: timeoutSeconds * 1000,
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      });
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer within ${timeoutSeconds} s`)));
      call.on('response', (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      });
      call.end(content);
    });
  }
}
