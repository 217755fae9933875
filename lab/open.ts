import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from './engine/cache';
import { ensureEngine } from './engine/engine';
import { type Progress, silent } from './engine/progress';
import { Lab } from './lab';
import { RunningLab } from './running-lab';
import { ensureGolden } from './setup/golden';
import { ensureRequirements } from './setup/requirements';
import { NODES } from './setup/specs';
import { runningLabs } from './supervisor/leftovers';

/** The name of the lab of `npm run lab`. */
export const DEFAULT_NAME = 'default';

/** The cache folder that holds labs, their disks and images. */
export function labRoot(): string {
  return new Cache().root;
}

export function labFolder(name: string, root = labRoot()): string {
  return join(root, 'labs', name);
}

/**
 * Brings up a lab that ends with this process: a NAS, two nodes that are Ready, and their control plane. It makes what
 * is missing, which takes minutes once; after that a lab resumes from saved machines.
 */
export async function openLab(
  options: {
    /** Labs with different names run side by side. @default one of this process's own */
    readonly name?: string;
    readonly progress?: Progress;
  } = {},
): Promise<Lab> {
  const { name = `process-${process.pid}`, progress = silent } = options;
  const root = labRoot();
  mkdirSync(root, { recursive: true });
  // First, so that a host that is too small is reported before minutes are spent.
  await ensureRequirements(root, progress);
  const engine = await ensureEngine(progress);
  const golden = await ensureGolden(root, engine, progress);
  return progress.step('the machines', async () => {
    const running = await RunningLab.start(root, {
      name,
      plan: { ...golden, kubelets: NODES.map((node) => node.name) },
    });
    try {
      const lab = await Lab.of(running);
      await lab.whenAwake();
      return lab;
    } catch (error) {
      await running.stop();
      throw error;
    }
  });
}

/** Finds a running lab; undefined if there is none. */
export async function findLab(name: string): Promise<Lab | undefined> {
  if (!runningLabs(join(labRoot(), 'labs')).includes(name)) return undefined;
  return Lab.of(await RunningLab.connect(labFolder(name)));
}
