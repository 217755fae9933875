/**
 * Owns the processes of one control plane. It ends them and removes the folder
 * when it is told to, and when its owner is gone, however that came about: the
 * channel to the owner closes with it.
 */
import { rmSync } from 'node:fs';
import { findEngine } from '../engine/engine';
import { identify } from '../engine/process-identity';
import { Cluster } from './cluster';
import { StateFolder } from './files';
import type { Order, Plan, Report, Task } from './messages';

let finish: ((code: number) => Promise<never>) | undefined;
let cluster: Cluster | undefined;
let durable = false;

process.on('message', (order: Order) => {
  if (order.kind === 'start') void start(order);
  else if (order.kind === 'task') void answer(order.number, order.task);
  else if (order.kind === 'detach') durable = true;
  else void finish?.(0);
});
process.on('disconnect', () => {
  if (!durable) void finish?.(0);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void finish?.(0));

function report(message: Report): void {
  if (process.connected) process.send?.(message);
}

function pids(): number[] {
  return [process.pid, ...(cluster?.pids ?? [])];
}

async function start(plan: Plan): Promise<void> {
  const folder = new StateFolder(plan.folder);
  folder.write('supervisor.json', JSON.stringify(identify(process.pid)));
  finish = async (code) => {
    await cluster?.end();
    rmSync(plan.folder, { recursive: true, force: true });
    process.exit(code);
  };
  // The owner may have gone before there was anything to listen to it.
  if (!process.connected) await finish(0);
  try {
    const engine = await findEngine();
    cluster = new Cluster(engine, plan, (name, log) => report({ kind: 'ended', name, log, pids: pids() }));
    const server = await cluster.start();
    folder.write('ready.json', JSON.stringify({ server }));
    report({ kind: 'ready', server, pids: pids() });
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
    await finish(1);
  }
}

async function answer(number: number, task: Task): Promise<void> {
  try {
    await carryOut(task);
    report({ kind: 'answer', number, pids: pids() });
  } catch (error) {
    report({ kind: 'answer', number, failure: (error as Error).message, pids: pids() });
  }
}

async function carryOut(task: Task): Promise<void> {
  if (!cluster) throw new Error('the control plane is not up');
  if (task.kind === 'save') await cluster.save(task.folder);
  else if (task.kind === 'load') await cluster.load(task.folder);
  else if (task.kind === 'export') await cluster.export(task.folder);
  else await cluster.setKubelet(task.node, task.kubelet);
}
