import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quote } from '../../lib/scripts/quote';
import { dyingWithParent } from '../process/dying-with-parent';
import type { Accelerator } from './accelerator';
import { type Boot, type MachineSpec, qemuArguments } from './arguments';
import { Qmp } from './qmp';

/** A machine's process, seen from the one that owns it. Its files lie in a folder of its name. */
export class Machine {
  private process: ChildProcess | undefined;
  private qmp: Qmp | undefined;
  /** Ports of the host; kept over a power cycle, so that addresses that were given away stay good. */
  private hostPorts: readonly number[] = [];

  constructor(
    readonly spec: MachineSpec,
    private readonly folder: string,
    private readonly boot: Boot,
    private readonly accelerator: Accelerator,
  ) {}

  get isRunning(): boolean {
    return this.process !== undefined;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** The port of the host's loopback behind a port of the machine. */
  hostPort(port: number): number {
    const found = this.hostPorts[this.spec.ports.indexOf(port)];
    if (!found)
      throw new Error(`port ${port} of ${this.spec.name} is not forwarded: it has ${this.spec.ports.join(', ')}`);
    return found;
  }

  /** Starts the machine, or goes on with a saved one. Resolves when QEMU runs it, not when it is up. */
  async powerOn(saved?: string): Promise<void> {
    if (this.process) throw new Error(`${this.spec.name} is on already`);
    const before = this.hostPorts;
    try {
      await this.start(before, saved);
    } catch (error) {
      // Somebody took a port while the machine was off: better another one than none.
      if (before.length === 0 || !(error as Error).message.includes('Could not set up host forwarding')) throw error;
      await this.start([], saved);
    }
  }

  /** As if its cable were pulled: what it has not written is lost. */
  async powerOff(): Promise<void> {
    await this.end();
  }

  /** Stops its processor, or lets it go on. */
  async setPaused(paused: boolean): Promise<void> {
    await this.running().execute(paused ? 'stop' : 'cont');
  }

  /** Whether the machine's control card has a carrier: without it neither SSH nor the API server is to be had. */
  async setControlLink(up: boolean): Promise<void> {
    await this.running().execute('set_link', { name: 'control', up });
  }

  /** Writes memory and devices of a paused machine into a file; its disks stay as they are. */
  async saveTo(file: string): Promise<void> {
    const qmp = this.running();
    await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 4 * 1024 ** 3 });
    await qmp.execute('migrate', { uri: `exec:cat >${quote(file)}` });
    for (;;) {
      const { status, 'error-desc': description } = await qmp.execute<{ status: string; 'error-desc'?: string }>(
        'query-migrate',
      );
      if (status === 'completed') return;
      if (status === 'failed' || status === 'cancelled') {
        throw new Error(`${this.spec.name} could not be saved to ${file}: ${description ?? status}`);
      }
      await sleep(50);
    }
  }

  /** Keeps memory, devices and disks under a name, inside the disks. */
  async snapshot(name: string): Promise<void> {
    await this.running().job('snapshot-save', this.snapshotParameters(name));
  }

  /** Goes back to what was kept. The machine stays paused. */
  async restore(name: string): Promise<void> {
    const qmp = this.running();
    await qmp.execute('stop');
    await qmp.job('snapshot-load', this.snapshotParameters(name));
    await qmp.execute('stop');
  }

  private snapshotParameters(name: string): object {
    const devices = this.spec.disks.map(({ serial }) => serial);
    return { tag: name, vmstate: devices[0], devices };
  }

  private async start(hostPorts: readonly number[], saved?: string): Promise<void> {
    const { name } = this.spec;
    rmSync(join(this.folder, name, 'qmp.sock'), { force: true });
    const log = openSync(join(this.folder, name, 'qemu.log'), 'a', 0o600);
    const [program = '', ...args] = [
      ...dyingWithParent(),
      'qemu-system-x86_64',
      ...qemuArguments(this.spec, this.boot, this.accelerator, { hostPorts, ...(saved ? { saved } : {}) }),
    ];
    const child = spawn(program, args, { cwd: this.folder, stdio: ['ignore', log, log] });
    closeSync(log);
    this.process = child;
    const gone = () => {
      if (this.process === child) this.process = undefined;
    };
    child.once('exit', gone);
    child.once('error', gone);
    try {
      this.qmp = await Qmp.connect(join(this.folder, name, 'qmp.sock'), () => this.process === child);
      this.hostPorts = await this.askForPorts();
      if (saved) await this.goOn(saved);
    } catch (error) {
      await this.end();
      throw new Error(`${name} did not start: ${(error as Error).message}\n${this.lastLines()}`);
    }
  }

  /** A machine is as it was saved: paused. */
  private async goOn(saved: string): Promise<void> {
    for (;;) {
      if (!this.process) throw new Error(`it could not be loaded from ${saved}`);
      const { status } = await this.running().execute<{ status: string }>('query-status');
      if (status !== 'inmigrate') break;
      await sleep(20);
    }
    await this.setPaused(false);
  }

  /** QEMU knows which ports the system chose. */
  private async askForPorts(): Promise<number[]> {
    const table = await this.running().monitor('info usernet');
    return this.spec.ports.map((port) => {
      const row = new RegExp(`TCP\\[HOST_FORWARD\\]\\s+\\d+\\s+127\\.0\\.0\\.1\\s+(\\d+)\\s+\\S+\\s+${port}\\s`).exec(
        table,
      );
      if (!row) throw new Error(`QEMU does not forward port ${port} of ${this.spec.name}:\n${table}`);
      return Number(row[1]);
    });
  }

  private async end(): Promise<void> {
    const child = this.process;
    this.qmp?.close();
    this.qmp = undefined;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await ended;
  }

  private running(): Qmp {
    if (!this.qmp || !this.process) throw new Error(`${this.spec.name} is off`);
    return this.qmp;
  }

  private lastLines(): string {
    const log = join(this.folder, this.spec.name, 'qemu.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-10).join('\n') : '';
  }
}
