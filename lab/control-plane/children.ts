import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dyingWithParent } from '../process/dying-with-parent';
import type { StateFolder } from './files';
import type { Service } from './services';

/** What a process gets to end in order before it is killed. */
const GRACE_SECONDS = 60;

/** The processes of one control plane, children of the supervisor. */
export class Children {
  private readonly running = new Map<string, ChildProcess>();
  /** Names of those that run, or would if they had not ended by themselves. */
  private readonly wanted = new Set<string>();
  /** Where in its log the present run of a service begins. */
  private readonly logStarts = new Map<string, number>();
  private ending = false;

  constructor(
    private readonly folder: StateFolder,
    private readonly onUnexpectedEnd: (name: string) => void,
  ) {}

  get pids(): number[] {
    return [...this.running.values()].flatMap((child) => child.pid ?? []);
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  /** What waits for one process must not go on waiting when another one ended. */
  assertRunning(except?: string): void {
    const ended = [...this.wanted].find((name) => name !== except && !this.running.has(name));
    if (ended) throw new Error(`${ended} ended by itself:\n${this.lastLines(ended)}`);
  }

  start(service: Service): void {
    if (this.ending) throw new Error(`${service.name} is not started: the control plane is being stopped`);
    const log = openSync(this.folder.log(service.name), 'a', 0o600);
    this.logStarts.set(service.name, fstatSync(log).size);
    const [program, ...args] = [...dyingWithParent(), service.program, ...service.args];
    const child = spawn(program ?? '', args, { cwd: this.folder.path, stdio: ['ignore', log, log] });
    closeSync(log);
    this.running.set(service.name, child);
    this.wanted.add(service.name);
    const ended = () => {
      this.running.delete(service.name);
      if (!this.ending && this.wanted.has(service.name)) this.onUnexpectedEnd(service.name);
    };
    child.once('exit', ended);
    child.once('error', ended);
  }

  /**
   * Ends a process for now. SIGKILL is for what keeps nothing of its own; after
   * SIGTERM its data is whole, or this fails, and the process is killed.
   */
  async end(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.wanted.delete(name);
    const child = this.running.get(name);
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, GRACE_SECONDS * 1000);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
    if (late) throw new Error(`${name} did not end within ${GRACE_SECONDS} s of ${signal}:\n${this.lastLines(name)}`);
  }

  /** Ends all for good. Nothing in here is worth a graceful end: the state goes with the folder. */
  async endAll(): Promise<void> {
    this.ending = true;
    await Promise.all([...this.running.keys()].map((name) => this.end(name, 'SIGKILL')));
  }

  /** The end of a service's log since its last start, for an error message. */
  lastLines(name: string): string {
    const log = this.folder.log(name);
    if (!existsSync(log)) return '';
    const lines = readFileSync(log).subarray(this.logStarts.get(name)).toString();
    return lines.trim().split('\n').slice(-15).join('\n');
  }
}
