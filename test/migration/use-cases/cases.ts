import { expect } from 'vitest';
import type { DataVolume } from '../../../lib/storage/registry';
import { lun, share } from '../../helpers';
import { World, yes } from '../world/world';

/** The first volume of an app, and the one that it is moved to. */
export type Pair = readonly [source: DataVolume, target: DataVolume];

/** Moves between what can be moved, for `describe.each`. */
export const pairs: readonly (readonly [from: string, to: string, pair: Pair])[] = [
  [share('config'), lun('config-2')] as const,
  [lun('config'), lun('config-2')] as const,
  [lun('config'), share('config-2')] as const,
].map((pair) => [pair[0].kind, pair[1].kind, pair]);

export const toLuns = pairs.filter(([, to]) => to === 'iscsi');

/** A world in which the app runs on its first volume. @param hasAdmission without it, there are no fences: before Kubernetes 1.30 */
function running(pair: Pair, hasAdmission: boolean): World {
  const world = World.running(pair);
  world.cluster.hasAdmission = hasAdmission;
  return world;
}

/** A world in which the app was moved. */
export async function moved(pair: Pair, hasAdmission = true): Promise<World> {
  const world = running(pair, hasAdmission);
  await world.migrator.migrate('app', { approve: yes });
  return begin(world);
}

/** A world in which the copy is made, and the app runs on. */
export async function prepared(pair: Pair, hasAdmission = true): Promise<World> {
  const world = running(pair, hasAdmission);
  await world.migrator.prepare('app', { approve: yes });
  return begin(world);
}

/** A world in which a command was killed right after a change, with another process in its place. */
export async function killedAfter(
  isIt: (change: string) => boolean,
  world: World,
  run: (world: World) => Promise<unknown>,
): Promise<World> {
  world.process.onChange = (name) => {
    if (isIt(name)) world.process.killIn(0);
  };
  await run(world).catch(() => {});
  world.process.onChange = () => {};
  world.process.revive();
  return world;
}

/** Forgets what was done and reported until now. */
export function begin(world: World): World {
  world.changes.length = 0;
  world.reported.length = 0;
  return world;
}

/** Fails unless work ends with an error of this class, and leaves everything as it was. */
export async function changesNothing(
  world: World,
  work: () => Promise<unknown>,
  error?: new (...args: never[]) => Error,
): Promise<void> {
  const before = world.snapshot;
  const changes = world.changes.length;
  if (error) await expect(work()).rejects.toThrow(error);
  else await work();
  expect(world.snapshot).toEqual(before);
  expect(world.changes.slice(changes)).toEqual([]);
}

/** A signal that is aborted once something is reported. */
export function abortedAt(world: World, isIt: (event: World['reported'][number]) => boolean): AbortSignal {
  const controller = new AbortController();
  world.onEvent = (event) => {
    if (isIt(event)) controller.abort();
  };
  return controller.signal;
}
