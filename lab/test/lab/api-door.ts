import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Lab } from '../../lab';

/**
 * The way of one operator to the API server of a lab. It can be closed while kubelets and everybody else go on: then
 * connections are refused, and those that are there break; or nothing that is said over them arrives any more.
 */
export class ApiDoor {
  private readonly pairs = new Map<Socket, Socket>();
  private readonly server: Server;
  private isSilent = false;

  private constructor(
    private readonly lab: Lab,
    private readonly target: number,
  ) {
    this.server = createServer((client) => this.join(client));
  }

  static async of(lab: Lab): Promise<ApiDoor> {
    const door = new ApiDoor(lab, Number(new URL(lab.server).port));
    await door.listen(0);
    return door;
  }

  /** A kubeconfig that leads through the door. */
  get kubeconfig(): string {
    return readFileSync(this.lab.kubeconfig, 'utf8').replaceAll(`127.0.0.1:${this.target}`, `127.0.0.1:${this.port}`);
  }

  async whileRefusing(work: () => Promise<unknown>): Promise<void> {
    const { port } = this;
    await this.close();
    await work();
    await this.listen(port);
  }

  /** What was said meanwhile arrives afterwards. */
  async whileSilent(work: () => Promise<unknown>): Promise<void> {
    this.isSilent = true;
    for (const [client, api] of this.pairs) {
      client.unpipe(api);
      api.unpipe(client);
    }
    await work();
    this.isSilent = false;
    for (const pair of this.pairs) speak(...pair);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  private get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the door is closed');
    return address.port;
  }

  private listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  private join(client: Socket): void {
    const api = connect({ port: this.target, host: '127.0.0.1' });
    this.pairs.set(client, api);
    for (const [one, other] of [
      [client, api],
      [api, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(client);
      });
    }
    if (!this.isSilent) speak(client, api);
  }
}

function speak(client: Socket, api: Socket): void {
  client.pipe(api);
  api.pipe(client);
}
