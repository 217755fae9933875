/**
 * Owns the machines of one lab. It ends them and removes the folder when it is told to, and when its owner is gone,
 * however that came about: the channel to the owner closes with it.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '../engine/process-identity';
import type { LabPlan, OwnerMessage, SupervisorMessage } from './protocol';
import { serveOrders } from './server';
import { LabService } from './service';

let finish: ((code: number) => Promise<never>) | undefined;
let isDurable = false;

process.on('message', (message: OwnerMessage) => {
  if (message.kind === 'start') void start(message.plan);
  else isDurable = true;
});
process.on('disconnect', () => {
  if (!isDurable) void finish?.(0);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void finish?.(0));

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message);
}

async function start(plan: LabPlan): Promise<void> {
  writeFileSync(join(plan.folder, 'supervisor.json'), JSON.stringify(identify(process.pid)), { mode: 0o600 });
  const service = new LabService(plan);
  let isFinishing = false;
  finish = async (code) => {
    // Another signal must not cut short what the first one began.
    if (isFinishing) return new Promise<never>(() => {});
    isFinishing = true;
    await service.stop();
    rmSync(plan.folder, { recursive: true, force: true });
    process.exit(code);
  };
  // The owner may have gone before there was anything to listen to it.
  if (!process.connected) await finish(0);
  try {
    await service.start();
    await serveOrders(join(plan.folder, 'control.sock'), {
      ...service.handlers,
      stop: async () => {
        // After the answer is on its way.
        setTimeout(() => void finish?.(0), 50);
        return undefined;
      },
    });
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'failed', message: (error as Error).message });
    await finish(1);
  }
}
