import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { StateFolder } from './files';
import type { Service } from './services';

/** The processes of one control plane, children of the supervisor. */
export class Children {
  private readonly running = new Map<string, ChildProcess>();
  private readonly started = new Set<string>();
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
    const ended = [...this.started].find((name) => name !== except && !this.running.has(name));
    if (ended) throw new Error(`${ended} ended by itself:\n${this.lastLines(ended)}`);
  }

  start(service: Service): void {
    const log = openSync(this.folder.log(service.name), 'a', 0o600);
    const [program, ...args] = [...dyingWithParent(), service.program, ...service.args];
    const child = spawn(program ?? '', args, { cwd: this.folder.path, stdio: ['ignore', log, log] });
    closeSync(log);
    this.running.set(service.name, child);
    this.started.add(service.name);
    const ended = () => {
      this.running.delete(service.name);
      if (!this.ending) this.onUnexpectedEnd(service.name);
    };
    child.once('exit', ended);
    child.once('error', ended);
  }

  /** Nothing in here is worth a graceful end: the state goes with the folder. */
  async end(): Promise<void> {
    this.ending = true;
    await Promise.all(
      [...this.running.values()].map(
        (child) =>
          new Promise<void>((resolve) => {
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
  }

  /** The end of a service's log, for an error message. */
  lastLines(name: string): string {
    const log = this.folder.log(name);
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n') : '';
  }
}

/** Where the kernel can do it, children die with a supervisor that is killed and can't end them. */
function dyingWithParent(): string[] {
  if (process.platform !== 'linux') return [];
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'setpriv')));
  return found ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
}
