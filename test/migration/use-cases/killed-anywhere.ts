import { expect } from 'vitest';
import type { DataVolume } from '../../../lib/storage/registry';
import type { World } from '../world/world';
import { standing } from './every-use-case';

/** Runs a use case that is killed after each of its changes, and then runs it again: it ends as one that was not. */
export async function killedAnywhere(
  volumes: readonly DataVolume[],
  newWorld: () => Promise<World>,
  run: (world: World) => Promise<unknown>,
): Promise<void> {
  const undisturbed = await newWorld();
  await run(undisturbed);
  const expected = standing(undisturbed, volumes);
  expect(undisturbed.changes.length).toBeGreaterThan(0);
  for (const [index, change] of undisturbed.changes.entries()) {
    const world = await newWorld();
    world.process.killIn(index + 1);
    await run(world).catch(() => {});
    world.process.revive();
    await run(world);
    expect(standing(world, volumes), `killed after ${index + 1}: ${change}`).toEqual(expected);
  }
}
