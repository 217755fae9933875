import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../engine/run';
import type { LabPlan } from './protocol';

/** Makes the disks of a lab: layers over those that are saved, or over the image and empty ones. */
export async function createDisks(plan: LabPlan): Promise<void> {
  for (const { name, disks } of plan.machines) {
    await mkdir(join(plan.folder, name), { mode: 0o700 });
    for (const { serial, gibibytes } of disks) {
      const file = join(plan.folder, name, `${serial}.qcow2`);
      const saved = plan.saved && join(plan.saved, name, `${serial}.qcow2`);
      if (saved) await createDisk('-b', saved, '-F', 'qcow2', file);
      else if (gibibytes) await createDisk(file, `${gibibytes}G`);
      else await createDisk('-b', plan.baseImage, '-F', 'raw', file);
    }
  }
}

/** The file with the memory of a saved machine. */
export function savedMemory(folder: string, machine: string): string {
  return join(folder, machine, 'memory');
}

/** The folder with the control plane that saved machines belong to. */
export function savedControlPlane(folder: string): string {
  return join(folder, 'control-plane');
}

async function createDisk(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...args]);
  if (code !== 0) throw new Error(`qemu-img could not make a disk (${args.join(' ')}): ${stderr.trim()}`);
}
