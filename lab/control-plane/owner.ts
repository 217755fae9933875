import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkSupervisor } from '../process/fork-supervisor';
import type { StateFolder } from './files';
import type { Order, Plan, Report, Task } from './messages';

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** The owner's end of the channel to the supervisor of a control plane. */
export class Owner {
  /** The supervisor first; as of the last report, of which every change of them makes one. */
  pids: readonly number[] = [];
  private readonly supervisor: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly ended: string[] = [];
  private tasks = 0;

  constructor(folder: StateFolder) {
    this.supervisor = forkSupervisor(join(__dirname, 'supervisor.js'), folder.log('supervisor'));
    this.supervisor.on('message', (report: Report) => this.receive(report));
    this.supervisor.on('exit', () => this.failAll('its supervisor ended before it was done'));
  }

  /** Returns the address of the API server when the control plane is usable. */
  async start(plan: Plan): Promise<string> {
    const server = new Promise<string>((resolve, reject) => {
      const fail = (message: string) => reject(new Error(`the control plane did not start: ${message}`));
      this.supervisor.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve(report.server);
        else if (report.kind === 'failed') fail(report.message);
      });
      this.supervisor.on('error', (error) => fail(error.message));
      this.supervisor.on('exit', (code, signal) => {
        fail([`its supervisor ended with ${signal ?? code}`, ...this.ended].join('\n'));
      });
    });
    this.send({ kind: 'start', ...plan });
    await server;
    // An owner that is done must not be kept alive by its control plane.
    this.supervisor.unref();
    this.supervisor.channel?.unref();
    return server;
  }

  /** Has something done, and waits for it. */
  async ask(task: Task): Promise<void> {
    if (!this.supervisor.connected) {
      throw new Error(`${task.kind}: this process has no control plane any more, it was stopped, detached or killed`);
    }
    const number = ++this.tasks;
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.set(number, { resolve, reject });
        this.supervisor.channel?.ref();
        this.send({ kind: 'task', number, task });
      });
    } finally {
      this.waiting.delete(number);
      if (this.waiting.size === 0) this.supervisor.channel?.unref();
    }
  }

  async stop(): Promise<void> {
    if (this.supervisor.exitCode !== null || this.supervisor.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      this.supervisor.ref();
      this.supervisor.once('exit', () => resolve());
      this.send({ kind: 'stop' });
    });
  }

  detach(): void {
    this.send({ kind: 'detach' });
    this.supervisor.disconnect();
    this.failAll('the control plane was detached before it was done');
  }

  private send(order: Order): void {
    if (this.supervisor.connected) this.supervisor.send(order);
  }

  private receive(report: Report): void {
    if (report.kind === 'failed') return;
    this.pids = report.pids;
    if (report.kind === 'ended') this.ended.push(`${report.name} ended by itself:\n${report.log}`);
    if (report.kind !== 'answer') return;
    const waiting = this.waiting.get(report.number);
    if (report.failure === undefined) waiting?.resolve();
    else waiting?.reject(new Error(report.failure));
  }

  private failAll(message: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(message));
  }
}
