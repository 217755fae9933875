/** `npm run control-plane -- up|down|status`: a control plane that stays until it is told to go. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../engine/process-identity';
import { startControlPlane } from './control-plane';
import { CONTEXT, StateFolder } from './files';
import { readSupervisor } from './leftovers';

/** One a user, in memory where the system has such a place: it is gone after a reboot, as are its processes. */
const folder = new StateFolder(join(process.env.XDG_RUNTIME_DIR || tmpdir(), `lunward-lab-${process.getuid?.() ?? 0}`));

async function up(): Promise<void> {
  const running = server();
  if (running) {
    console.log('The control plane is up already.');
    return describe(running);
  }
  rmSync(folder.path, { recursive: true, force: true });
  mkdirSync(folder.path, { mode: 0o700 });
  const start = performance.now();
  const controlPlane = await startControlPlane({ folder: folder.path });
  controlPlane.detach();
  console.log(`The control plane is up after ${((performance.now() - start) / 1000).toFixed(1)} s.`);
  describe(controlPlane.server);
}

async function down(): Promise<void> {
  const supervisor = readSupervisor(folder.path);
  if (!supervisor || !isAlive(supervisor)) {
    rmSync(folder.path, { recursive: true, force: true });
    console.log('No control plane is up.');
    return;
  }
  process.kill(supervisor.pid, 'SIGTERM');
  while (isAlive(supervisor)) await sleep(50);
  console.log('The control plane is down, and its state is removed.');
}

async function status(): Promise<void> {
  const running = server();
  if (running) {
    describe(running);
  } else {
    console.log('No control plane is up. Start one with: npm run control-plane -- up');
    process.exitCode = 1;
  }
}

function server(): string | undefined {
  const supervisor = readSupervisor(folder.path);
  const ready = folder.file('ready.json');
  if (!supervisor || !isAlive(supervisor) || !existsSync(ready)) return undefined;
  return (JSON.parse(readFileSync(ready, 'utf8')) as { server: string }).server;
}

function describe(address: string): void {
  console.log(`API server: ${address}\nkubeconfig: ${folder.kubeconfig()}\ncontext:    ${CONTEXT}`);
}

const verbs: Record<string, () => Promise<void>> = { up, down, status };
const verb = process.argv[2] ?? '';
const chosen = verbs[verb];
if (chosen) {
  chosen().catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
} else {
  console.error(`error: expected up, down or status, got ${JSON.stringify(verb)}: npm run control-plane -- up`);
  process.exitCode = 2;
}
