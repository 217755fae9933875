import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Answer, OrderName, Orders } from './protocol';

/** The way to tell a running lab something: one JSON object a line, over a unix socket in its folder. */
export class SupervisorClient {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private last = 0;

  private constructor(private readonly socket: Socket) {
    createInterface({ input: socket }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const [id, answer] of this.waiting) answer({ id, error: 'the lab has ended' });
      this.waiting.clear();
    });
    // Whoever is done must not be kept alive by it.
    socket.unref();
  }

  static connect(path: string): Promise<SupervisorClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(new SupervisorClient(socket)));
      socket.once('error', reject);
    });
  }

  async order<Name extends OrderName>(
    order: Name,
    parameters: Orders[Name]['parameters'],
  ): Promise<Orders[Name]['result']> {
    const id = ++this.last;
    const answer = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    this.socket.ref();
    this.socket.write(`${JSON.stringify({ id, order, parameters })}\n`);
    const { result, error } = await answer;
    if (this.waiting.size === 0) this.socket.unref();
    if (error !== undefined) throw new Error(error);
    return result as Orders[Name]['result'];
  }

  close(): void {
    this.socket.destroy();
  }
}
