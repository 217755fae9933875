import { expect } from 'vitest';
import { cutOver } from '../../lib/migration/cutover/cut-over';
import { rollBack } from '../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../lib/migration/journal/cutover';
import { ModelWorld, pairs } from './model-world';

export const running = { replicas: 1, claim: 'config-2', live: { '/config': 'config-2' }, latest: 'sealed' };
export const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
export const cutover = { phase: 'switched', at: '', replicas: 1, volumes } as const;

/** As the command does it: an app that was moved has nothing to move. */
export async function move(world: ModelWorld, killAt?: number, onUnhealthy: 'rollback' | 'stop' = 'rollback') {
  const site = await world.site(killAt);
  if (!site.journal.cutover && site.journal.live['/config'] === 'config-2') return undefined;
  return cutOver(site, [world.volume], { onUnhealthy });
}

export const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error as Error);
export const restarts = (world: ModelWorld) => world.events.filter((event) => event.startsWith('owner '));

/** The place right after an event of a move. */
export async function after(event: string, newWorld: () => ModelWorld): Promise<number> {
  const world = newWorld();
  await move(world);
  return 2 * world.events.indexOf(event) + 1;
}

/** Every place in a move at which it can be killed. */
export async function killPlaces(pair = pairs[0]): Promise<number[]> {
  const world = new ModelWorld(pair);
  await move(world);
  return world.events.flatMap((_, index) => [2 * index, 2 * index + 1]);
}

/** As the command does it. */
export async function goBack(world: ModelWorld): Promise<void> {
  const site = await world.site();
  const last = site.journal.live['/config'] === 'config-2' ? cutover : undefined;
  const change = site.journal.cutover ?? last;
  if (change) await rollBack(site, [world.volume], change);
}

export async function eventsOfRollback(cutover: Cutover, pair = pairs[0]): Promise<readonly string[]> {
  const world = new ModelWorld(pair);
  await move(world);
  await rollBack(await world.site(), [world.volume], cutover);
  return world.events;
}

/** An app that a killed run has left on its new volume. */
export async function startedThere(pair = pairs[0]): Promise<ModelWorld> {
  const newWorld = () => new ModelWorld(pair);
  const world = newWorld();
  await failure(move(world, await after('owner starts', newWorld)));
  expect(world.state).toMatchObject({ ...running, cutover: { phase: 'switched' } });
  return world;
}
