import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../lib/core/problems';
import { rollBack } from '../../lib/migration/cutover/roll-back';
import { useFastClock } from './clock';
import { ModelWorld, pairs } from './model-world';
import { cutover, failure, move, running } from './moves';

useFastClock();

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'a request or an answer that is lost anywhere, from %s to %s',
  (_, _to, pair) => {
    it('a move ends on the new volume, or on the old one with a reason; run again, it ends on the new one', async () => {
      const clean = new ModelWorld(pair);
      await move(clean);
      const places = clean.events.flatMap((_, index) => [2 * index, 2 * index + 1]);
      const switched = 2 * clean.events.indexOf('owner switches');
      for (const place of places) {
        const world = new ModelWorld(pair);
        world.fault = { lostAt: place };
        const error = await failure(move(world));
        const subject = `place ${place}: ${clean.events[place >> 1]}`;
        expect([world.replicas, world.overlaps], subject).toEqual([1, []]);
        if (error) expect(error.message, subject).toMatch(/runs on its old volume again/);
        if (error) expect(world.state, subject).toMatchObject({ claim: 'config', cutover: undefined });
        else expect(world.state, subject).toEqual(clean.state);
        // From the switch on the app can't be had back for nothing, so it goes on.
        if (place >= switched) expect(error, subject).toBeUndefined();
        world.fault = {};
        if (error) await move(world);
        expect(world.state, subject).toMatchObject({ ...running, cutover: undefined });
      }
    });

    it('a rollback ends with the app on its old volume, or reports the state', async () => {
      const moved = async () => {
        const world = new ModelWorld(pair);
        await move(world);
        return world;
      };
      const clean = await moved();
      await rollBack(await clean.site(), [clean.volume], cutover);
      for (const place of clean.events.flatMap((_, index) => [2 * index, 2 * index + 1])) {
        const world = await moved();
        const site = await world.site();
        world.fault = { lostAt: place };
        const error = await failure(rollBack(site, [world.volume], cutover));
        if (error) expect(error).toBeInstanceOf(UnreachableError);
        world.fault = {};
        const again = await world.site();
        if (error) await rollBack(again, [world.volume], again.journal.cutover ?? cutover);
        expect(world.state, `place ${place}`).toEqual(clean.state);
        expect(world.overlaps).toEqual([]);
      }
    });
  },
);
