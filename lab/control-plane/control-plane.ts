import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from '../engine/engine';
import { CONTEXT, StateFolder } from './files';
import { kubectl } from './kubectl';
import { FOLDER_PREFIX, removeLeftovers } from './leftovers';
import type { Order, Report } from './messages';

export interface ControlPlaneOptions {
  /** Emulated nodes. @default node-a and node-b */
  readonly nodes?: readonly string[];
  /** An empty folder of mode 0700 for its state. @default a temporary one */
  readonly folder?: string;
  /** @default 60 */
  readonly timeoutSeconds?: number;
}

/** A real API server with nodes and pods that are emulated; it ends with this process. */
export interface ControlPlane {
  readonly kubeconfig: string;
  /** Name of the context in the kubeconfig. */
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
  readonly folder: string;
  /** Its processes, the supervisor first. */
  readonly pids: readonly number[];
  /** Runs kubectl against it and returns what it printed; a failure is an error with what it complained of. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** Ends the processes and removes the folder. */
  stop(): Promise<void>;
  /** Lets it live on without this process. */
  detach(): void;
}

/** Starts a control plane on the loopback; ready means that pods get Ready and claims Bound. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  // Fails here, with what to do, rather than in a process of its own.
  const engine = await findEngine();
  removeLeftovers();
  const folder = new StateFolder(options.folder ?? mkdtempSync(join(tmpdir(), FOLDER_PREFIX)));
  const log = openSync(folder.log('supervisor'), 'a', 0o600);
  const supervisor = fork(join(__dirname, 'supervisor.js'), {
    // In a group of its own: Ctrl-C is for the owner, whose end then ends the rest in order.
    detached: true,
    // Not the owner's: one that lives on would keep the reader of a pipe waiting.
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  });
  closeSync(log);
  const order = (message: Order) => supervisor.connected && supervisor.send(message);
  order({
    kind: 'start',
    folder: folder.path,
    nodes: options.nodes ?? ['node-a', 'node-b'],
    timeoutSeconds: options.timeoutSeconds ?? 60,
  });
  const ready = await whenReady(supervisor);
  // An owner that is done must not be kept alive by its control plane.
  supervisor.unref();
  supervisor.channel?.unref();
  return {
    kubeconfig: folder.kubeconfig(),
    context: CONTEXT,
    server: ready.server,
    folder: folder.path,
    pids: ready.pids,
    kubectl: (args, stdin) => kubectl(engine.program('kubectl'), folder.kubeconfig(), args, stdin),
    stop: () => stop(supervisor, order),
    detach: () => {
      order({ kind: 'detach' });
      supervisor.disconnect();
    },
  };
}

function whenReady(supervisor: ChildProcess): Promise<Extract<Report, { kind: 'ready' }>> {
  const ended: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new Error(`the control plane did not start: ${message}`));
    supervisor.on('message', (report: Report) => {
      if (report.kind === 'ready') resolve(report);
      else if (report.kind === 'failed') fail(report.message);
      else ended.push(`${report.name} ended by itself:\n${report.log}`);
    });
    supervisor.on('error', (error) => fail(error.message));
    supervisor.on('exit', (code, signal) => fail([`its supervisor ended with ${signal ?? code}`, ...ended].join('\n')));
  });
}

function stop(supervisor: ChildProcess, order: (message: Order) => void): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    supervisor.ref();
    supervisor.once('exit', () => resolve());
    order({ kind: 'stop' });
  });
}
