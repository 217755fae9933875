import { describe, expect, it } from 'vitest';
import { clock } from '../../../lib/core/clock';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { moved, pairs, prepared } from './cases';

useFastClock();

/** Longer than Lunward repeats a write. */
const AWAY_MILLISECONDS = 125_000;

/** The API server accepts a write, and is then unreachable, so the answer is lost. */
function awayAfter(world: World, place: number): void {
  let back: number | undefined;
  world.process.faultAt = (at, name) => {
    if (at === place) {
      back = clock.now() + AWAY_MILLISECONDS;
      return 'answer lost';
    }
    return back !== undefined && clock.now() < back && !/ on node-/.test(name) ? 'request lost' : undefined;
  };
}

const runs = {
  migrate: [prepared, ({ migrator }: World) => migrator.migrate('app', { approve: yes })],
  rollback: [moved, ({ migrator }: World) => migrator.rollback('app', { approve: yes })],
} as const;

describe.each(pairs)('a journal write without an answer for two minutes, from %s to %s,', (_, _to, pair) => {
  it.each(Object.entries(runs))('is not taken for another process’s write: %s', async (_name, [newWorld, run]) => {
    const clean = await newWorld(pair);
    clean.process.asked.length = 0;
    await run(clean);
    const places = [...clean.process.asked.entries()].filter(([, name]) => name === 'write ConfigMap lunward-app');
    expect(places.length).toBeGreaterThan(2);
    for (const [place] of places) {
      const world = await newWorld(pair);
      world.process.asked.length = 0;
      awayAfter(world, place);
      const error = await run(world).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      const subject = `${place}: ${error?.message ?? 'it ended well'}`;
      expect(error?.message ?? '', subject).not.toMatch(/Another process|contradicts itself|can't record/);
      if (error) expect(error.message, subject).toContain('Whether ConfigMap lunward-app was written is not known');
      if (world.runsOn.length === 0) expect(error?.message, subject).toMatch(/DOWN/);
      world.process.revive();
      if (world.journal.cutover) await world.migrator.rollback('app', { approve: yes });
      expect(world.runsOn, subject).toHaveLength(1);
      expect(world.runsOn, subject).toEqual([world.journal.live?.['/config'] ?? pair[0].name]);
      expect(world.journal.cutover, subject).toBeUndefined();
      expect(world.storage.violations, subject).toEqual([]);
    }
  });
});
