import { describe, expect, it } from 'vitest';
import { categoryOf } from '../../../lib/core/error-category';
import { useFastClock } from '../clock';
import type { World } from '../world/world';
import { everyUseCase, standing, type UseCase } from './every-use-case';
import { failureOf, faultsOf, isEffect, schedules } from './failing-requests';

useFastClock();

/** A move and a rollback, and undoing one, may end on either volume: `anything-fails.test.ts` has them. */
const others = everyUseCase.filter(([title]) => !/^(migrate|rollback|undoing)/.test(title));

/** Each n-th place: all of them take minutes. Scripts that may change something fail at every place. */
const EVERY = 9;

/** How everything stands, without how often it was tried. */
const stands = (world: World, { volumes }: UseCase) => ({ ...standing(world, volumes), entries: undefined });

const isRestart = (title: string) => title.startsWith('restart');

describe.each(others)('%s of which a request fails', (title, useCase) => {
  const asIs = async (hasAdmission: boolean) => {
    const world = await useCase.newWorld();
    world.cluster.hasAdmission = hasAdmission;
    world.process.asked.length = 0;
    return world;
  };

  it.each(Object.entries(schedules))('%s loses nothing, and ends as usual when it is run again', async (how, isAt) => {
    const hasAdmission = how !== 'twice';
    const clean = await asIs(hasAdmission);
    await useCase.run(clean);
    const expected = stands(clean, useCase);
    const first = Object.keys(schedules).indexOf(how) + title.length;
    const places = [...clean.process.asked.entries()].filter(
      ([place, name]) => isEffect(name) || place % EVERY === first % EVERY,
    );
    for (const [place, name] of places) {
      for (const fault of faultsOf(name)) {
        const world = await asIs(hasAdmission);
        const isUp = world.runsOn.length > 0;
        world.process.asked.length = 0;
        const isNow = isAt(place, name);
        world.process.faultAt = (at, asked) => (isNow(at, asked) ? fault : undefined);
        const error = await failureOf(useCase.run(world));
        world.process.revive();
        const subject = `${fault} at ${place}, ${name}: ${error?.message ?? 'it ended well'}`;
        if (error) expect(['internal', 'interrupted'], subject).not.toContain(categoryOf(error));
        if (isUp && world.runsOn.length === 0) expect(error?.message, subject).toMatch(/DOWN|could not be read/);
        if (!isRestart(title)) expect(world.runsOn, subject).toEqual(clean.runsOn);
        // What was lost of the first run may only be found by the second.
        const again = await failureOf(useCase.run(world));
        if (again) await useCase.run(world);
        expect(stands(world, useCase), subject).toEqual(expected);
        expect(world.storage.violations, subject).toEqual([]);
        for (const { place: where, row } of world.storage.acknowledged) {
          expect((where.files['library.db'] ?? '').split('\n'), subject).toContain(row);
        }
      }
    }
  });
});
