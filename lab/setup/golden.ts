import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine';
import type { Progress } from '../engine/progress';
import { run } from '../engine/run';
import { Lab } from '../lab';
import { type Accelerator, findAccelerator } from '../machines/accelerator';
import { type Boot, MACHINE_TYPE, qemuArguments } from '../machines/arguments';
import { RunningLab } from '../running-lab';
import type { LabPlan } from '../supervisor/protocol';
import { ensureImage } from './image';
import { ensureCalibreWeb, ensurePayload } from './payload';
import { MACHINES, NODES } from './specs';
import { ensureStored, identityOf } from './stored';

const LAB = join(__dirname, '..');

/** Behind it, whoever connects is told why the machine does not answer. */
const BOOT_SECONDS = 240;

/** What a lab starts from: machines that were booted and set up once. */
export type Golden = Omit<LabPlan, 'folder' | 'kubelets'> & { readonly saved: string };

/** Boots and sets up the machines once, and saves them; later labs go on from there. */
export async function ensureGolden(root: string, engine: Engine, progress: Progress): Promise<Golden> {
  // Both wait for downloads most of the time.
  const [image, calibreWeb] = await Promise.all([ensureImage(root, progress), ensureCalibreWeb(root, progress)]);
  const payload = await ensurePayload(root, { engine, image, calibreWeb }, progress);
  const accelerator = await rememberedAccelerator(image.folder, image.kernel, image.initialRamDisk);
  const keys = await ensureStored(
    { root, kind: 'keys', inputs: MACHINES.map(({ name }) => name), title: "the machines' keys" },
    progress,
    makeKeys,
  );
  const boot: Boot = { kernel: image.kernel, initialRamDisk: image.initialRamDisk, payload, keys };
  const plan = { machines: MACHINES, boot, accelerator, baseImage: image.base };
  const saved = await ensureStored(
    { root, kind: 'machines', inputs: await inputsOf(plan), title: 'three machines, booted and joined' },
    progress,
    async (draft) => {
      const running = await RunningLab.start(root, {
        name: `set-up-${process.pid}`,
        plan: { ...plan, kubelets: NODES.map(({ name }) => name) },
      });
      try {
        await setUp(await Lab.of(running), running.folder);
        await running.saveTo(draft);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${consoles(running.folder)}`);
      } finally {
        await running.stop();
      }
    },
  );
  return { ...plan, saved };
}

/** Everything that a saved machine depends on; a change makes it anew. */
async function inputsOf(plan: Omit<Golden, 'saved'>): Promise<string[]> {
  const version = await run('qemu-system-x86_64', ['-version']);
  const processor =
    plan.accelerator === 'kvm' ? readFileSync('/proc/cpuinfo', 'utf8').match(/^model name.*/m)?.[0] : '';
  return [
    version.stdout,
    processor ?? '',
    MACHINE_TYPE,
    halfOfYear(),
    ...[plan.baseImage, plan.boot.payload, join(plan.boot.keys, 'id')].map((file) => identityOf(dirname(file))),
    ...plan.machines.flatMap((spec) => qemuArguments(spec, plan.boot, plan.accelerator, { hostPorts: [] })),
    JSON.stringify(plan.machines),
    ...SET_UP.map((script) => readFileSync(join(LAB, script), 'utf8')),
  ];
}

const SET_UP = ['nas/set-up.sh', 'node/set-up.sh'];

async function setUp(lab: Lab, folder: string): Promise<void> {
  const since = new Date();
  await Promise.all([
    whenBooted(folder, lab.nas.name).then(() => lab.nas.setUp()),
    ...lab.allNodes.map(async (node) => {
      await whenBooted(folder, node.name);
      await node.setUp(await lab.kubeletKubeconfig(node.name));
    }),
  ]);
  await lab.whenNodesReady({ since, started: true });
}

/**
 * Waits for what a machine says on its console once it is up. Who asks for a connection before it has an address gets an
 * answer many seconds after it could have one.
 */
async function whenBooted(folder: string, name: string): Promise<void> {
  const deadline = Date.now() + BOOT_SECONDS * 1000;
  while (Date.now() < deadline && !readFileSync(join(folder, name, 'serial.log'), 'utf8').includes('lab: up')) {
    await sleep(200);
  }
}

/** What machines that never came up said at last. */
function consoles(folder: string): string {
  return MACHINES.map(({ name }) => {
    const lines = readFileSync(join(folder, name, 'serial.log'), 'utf8')
      .trimEnd()
      .split('\n');
    return `== console of ${name}\n${lines.slice(-8).join('\n')}`;
  }).join('\n');
}

/** The certificate of the API server is good for a year; nobody shall meet one that is not. */
function halfOfYear(): string {
  const now = new Date();
  return `${now.getUTCFullYear()} ${now.getUTCMonth() < 6 ? 1 : 2}`;
}

/** A boot that fails takes 20 seconds to do so: the answer holds until the host is booted anew. */
async function rememberedAccelerator(folder: string, kernel: string, ramDisk: string): Promise<Accelerator> {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const file = join(folder, 'accelerator.json');
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as { bootId: string; accelerator: Accelerator };
    if (known.bootId === bootId) return known.accelerator;
  } catch {
    // Not known yet.
  }
  const accelerator = await findAccelerator(kernel, ramDisk);
  writeFileSync(file, JSON.stringify({ bootId, accelerator }));
  return accelerator;
}

async function makeKeys(folder: string): Promise<void> {
  for (const [file, comment] of [['id', 'lab'], ...MACHINES.map(({ name }) => [`${name}.host_key`, name])] as [
    string,
    string,
  ][]) {
    const { code, stderr } = await run('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      comment,
      '-f',
      join(folder, file),
    ]);
    if (code !== 0) throw new Error(`ssh-keygen could not make a key: ${stderr.trim()}`);
  }
  writeFileSync(join(folder, 'authorized_key'), readFileSync(join(folder, 'id.pub')));
  const known = MACHINES.map(({ name }) => `${name} ${readFileSync(join(folder, `${name}.host_key.pub`), 'utf8')}`);
  writeFileSync(join(folder, 'known_hosts'), known.join(''));
}
