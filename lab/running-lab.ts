import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSupervisor } from './control-plane/leftovers';
import { withLock } from './engine/lock';
import { identify, isAlive } from './engine/process-identity';
import { forkSupervisor } from './process/fork-supervisor';
import { SupervisorClient } from './supervisor/client';
import { removeLeftovers, STARTER } from './supervisor/leftovers';
import type { LabPlan, LabStatus, OwnerMessage, SupervisorMessage } from './supervisor/protocol';

const STOP_MILLISECONDS = 20_000;

/** Running machines, seen from the process that started them or from another one. */
export class RunningLab {
  private constructor(
    readonly folder: string,
    readonly plan: LabPlan,
    readonly supervisor: SupervisorClient,
    private readonly process?: ChildProcess,
  ) {}

  /** Starts machines that end with this process; resolves when they run, not when they are up. */
  static async start(
    root: string,
    options: { readonly name: string; readonly plan: Omit<LabPlan, 'folder'> },
  ): Promise<RunningLab> {
    const folder = await claimFolder(root, options.name);
    const plan: LabPlan = { ...options.plan, folder };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan), { mode: 0o600 });
    const process = await startSupervisor(plan);
    return new RunningLab(folder, plan, await SupervisorClient.connect(join(folder, 'control.sock')), process);
  }

  /** Finds a lab that another process started. */
  static async connect(folder: string): Promise<RunningLab> {
    const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as LabPlan;
    return new RunningLab(folder, plan, await SupervisorClient.connect(join(folder, 'control.sock')));
  }

  status(): Promise<LabStatus> {
    return this.supervisor.order('status', {});
  }

  /** Saves all machines to a folder that other labs start from, and ends them. */
  async saveTo(folder: string): Promise<void> {
    await this.supervisor.order('saveTo', { folder });
  }

  /** Lets the lab live on without this process. */
  detach(): void {
    this.process?.send({ kind: 'detach' } satisfies OwnerMessage);
    this.process?.disconnect();
    this.supervisor.close();
  }

  /** Ends everything and removes the folder; resolves when the last process is gone. */
  async stop(): Promise<void> {
    const supervisor = readSupervisor(this.folder);
    await this.supervisor.order('stop', {}).catch(() => {});
    this.supervisor.close();
    const deadline = Date.now() + STOP_MILLISECONDS;
    while (existsSync(this.folder) || (supervisor && isAlive(supervisor))) {
      if (Date.now() > deadline) {
        throw new Error(
          `the lab in ${this.folder} has not ended after ${STOP_MILLISECONDS / 1000} s: see its supervisor.log, and end ` +
            `process ${supervisor?.pid}; all of its machines end with it`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Makes the folder of a lab. Its name is then taken as long as this process or its supervisor lives. */
function claimFolder(root: string, name: string): Promise<string> {
  const labs = join(root, 'labs');
  return withLock(
    join(root, 'labs.lock'),
    () => {},
    async () => {
      removeLeftovers(labs);
      const folder = join(labs, name);
      if (existsSync(folder)) {
        throw new Error(`a lab "${name}" is there already, in ${folder}: end it, or take another name`);
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(folder, STARTER), JSON.stringify(identify(process.pid)), { mode: 0o600 });
      return folder;
    },
  );
}

async function startSupervisor(plan: LabPlan): Promise<ChildProcess> {
  const script = join(__dirname, 'supervisor', 'supervisor.js');
  const supervisor = forkSupervisor(script, join(plan.folder, 'supervisor.log'));
  supervisor.send({ kind: 'start', plan } satisfies OwnerMessage);
  await new Promise<void>((resolve, reject) => {
    const fail = (message: string) => reject(new Error(`the lab did not start: ${message}`));
    supervisor.once('message', (message: SupervisorMessage) => {
      if (message.kind === 'ready') resolve();
      else fail(message.message);
    });
    supervisor.once('error', (error) => fail(error.message));
    supervisor.once('exit', (code, signal) => fail(`its supervisor ended with ${signal ?? code}`));
  });
  supervisor.unref();
  supervisor.channel?.unref();
  return supervisor;
}
