import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveCluster } from '../../lib/cluster/live';
import { type WantedVolume, wantedVolumes } from '../../lib/migration/plan/wanted-volumes';
import type { Lab } from '../lab';
import type { PulumiProject } from '../project/pulumi-project';
import { SshUser } from '../ssh-user';

type MovedVolume = Extract<WantedVolume, { action: 'move' }>;

/** The apps of a description that have a generation to move to, with the volumes to move. */
export function movesOf(live: LiveCluster): ReadonlyMap<string, readonly MovedVolume[]> {
  const moves = Object.entries(live.apps).map(
    ([app, model]) =>
      [app, wantedVolumes(model).filter((volume): volume is MovedVolume => volume.action === 'move')] as const,
  );
  return new Map(moves.filter(([, volumes]) => volumes.length > 0));
}

/** Makes the LUNs and folders that data is moved to: blank, as a NAS makes them. */
export async function provideTargets(
  lab: Lab,
  moves: ReadonlyMap<string, readonly MovedVolume[]>,
  size: string,
): Promise<void> {
  for (const { target } of [...moves.values()].flat()) {
    if (target.kind === 'nfs') await lab.nas.exportNfs({ path: target.path, rootSquash: false });
    else await lab.nas.createLun({ iqn: target.iqn, lun: target.lun, size });
  }
}

/** Moves apps with the command, as a person does: plan, read, approve. */
export async function moveApps(lab: Lab, project: PulumiProject, apps: readonly string[]): Promise<void> {
  const user = await SshUser.of(lab);
  try {
    const lunward = async (...args: readonly string[]) => {
      console.log(`$ lunward ${args.join(' ')}`);
      const { code, output } = await project.lunward(user.folder, ...args);
      console.log(output);
      if (code !== 0) throw new Error(`lunward ${args.join(' ')} ended with ${code}`);
      return output;
    };
    for (const app of apps) {
      const planned = await lunward('plan', app);
      const digests = [...planned.matchAll(/digest ([0-9a-f]{16})/g)].map(([, digest = '']) => digest);
      await lunward('migrate', app, '--approve', ...digests);
    }
  } finally {
    user.remove();
  }
}

/** Numbers about the rows that an app has committed and acknowledged. */
export interface Rows {
  readonly app: string;
  readonly before: number;
  /** Rows on its new volume. */
  readonly since: number;
  /** Databases that were made again: 0, or something was lost. */
  readonly anew: number;
  /** Rows whose number was acknowledged before: 0, or the database went back in time. */
  readonly again: number;
}

/** Waits until apps write again, and compares what they acknowledge with what they acknowledged before the move. */
export async function rowsOf(lab: Lab, apps: readonly string[], movedAt: number): Promise<Rows[]> {
  const rows = () => apps.map((app) => countRows(lab, app, movedAt));
  const deadline = Date.now() + 120_000;
  while (rows().some(({ since }) => since < 3)) {
    if (Date.now() > deadline) throw new Error('an app does not go on writing on its new volume');
    await sleep(500);
  }
  return rows();
}

function countRows(lab: Lab, app: string, movedAt: number): Rows {
  const highest = new Map<string, number>();
  const counts = { app, before: 0, since: 0, anew: 0, again: 0 };
  for (const { milliseconds, instance, row } of lab.acknowledgements().filter((one) => one.app === app)) {
    const isBefore = milliseconds <= movedAt;
    counts[isBefore ? 'before' : 'since'] += 1;
    if (!isBefore && !highest.has(instance)) counts.anew += 1;
    if (row <= (highest.get(instance) ?? 0)) counts.again += 1;
    highest.set(instance, Math.max(row, highest.get(instance) ?? 0));
  }
  return counts;
}

/** The reports of the moves, which the command has written beside the description. */
export function reportsIn(project: PulumiProject): string[] {
  const folder = path.join(project.folder, 'lunward-reports');
  return readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
}
