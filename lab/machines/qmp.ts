import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

interface Message {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

/** QEMU's machine protocol: one JSON object a line, over the unix socket of one machine. */
export class Qmp {
  private readonly waiting = new Map<number, (message: Message) => void>();
  private last = 0;

  private constructor(private readonly socket: Socket) {
    createInterface({ input: socket }).on('line', (line) => this.receive(JSON.parse(line) as Message));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const answer of this.waiting.values()) answer({ error: { class: 'Gone', desc: 'QEMU ended' } });
      this.waiting.clear();
    });
  }

  /** Connects to a machine that is starting; `isRunning` says whether there is sense in waiting for it. */
  static async connect(path: string, isRunning: () => boolean): Promise<Qmp> {
    for (;;) {
      const socket = await open(path);
      if (socket) {
        const qmp = new Qmp(socket);
        await qmp.execute('qmp_capabilities');
        return qmp;
      }
      if (!isRunning()) throw new Error(`QEMU ended before it listened on ${path}`);
      await sleep(20);
    }
  }

  /** Runs a command; QEMU's refusal is an error. */
  async execute<T = unknown>(command: string, parameters: object = {}): Promise<T> {
    const id = ++this.last;
    const answer = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`);
    const message = await answer;
    if (message.error) throw new Error(`QEMU refused ${command}: ${message.error.desc}`);
    return message.return as T;
  }

  /** Runs a command of the monitor for people, where the protocol has none for it. */
  monitor(line: string): Promise<string> {
    return this.execute<string>('human-monitor-command', { 'command-line': line });
  }

  /** Runs a command that goes on as a job, to the job's end. */
  async job(command: string, parameters: object): Promise<void> {
    const id = `job-${++this.last}`;
    await this.execute(command, { ...parameters, 'job-id': id });
    for (;;) {
      const jobs = await this.execute<{ id: string; status: string; error?: string }[]>('query-jobs');
      const job = jobs.find((candidate) => candidate.id === id);
      if (!job || job.status === 'concluded') {
        if (job) await this.execute('job-dismiss', { id });
        if (job?.error) throw new Error(`QEMU's ${command} failed: ${job.error}`);
        return;
      }
      await sleep(20);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(message: Message): void {
    // Events and the greeting carry no number.
    if (message.id === undefined) return;
    this.waiting.get(message.id)?.(message);
    this.waiting.delete(message.id);
  }
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
