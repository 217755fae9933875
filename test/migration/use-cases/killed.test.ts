import { expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { everyUseCase, standing } from './every-use-case';

useFastClock();

it.each(everyUseCase)(
  '%s that is killed after any change, and run again, ends as one that was not',
  async (_, useCase) => {
    const { volumes, newWorld, run } = useCase;
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
  },
);
