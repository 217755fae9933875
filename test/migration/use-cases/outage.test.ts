import { describe, expect, it } from 'vitest';
import { clock } from '../../../lib/core/clock';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { moved, type Pair, pairs, prepared } from './cases';

useFastClock();

/** Less than what is waited for an API server that can't be asked. */
const SECONDS = 100;

const isOfNode = (name: string) => / on node-/.test(name);

/** The API server is away for a while, from the n-th question of a run on. The answer to that one is lost, or it never arrives. */
async function awayFrom(place: number, world: World, run: (world: World) => Promise<unknown>, isAnswer: boolean) {
  let since: number | undefined;
  world.process.asked.length = 0;
  world.process.faultAt = (at, asked) => {
    if (at === place) since = clock.monotonic();
    if (at === place && isAnswer) return 'answer lost';
    const isAway = since !== undefined && clock.monotonic() - since < SECONDS * 1000;
    return isAway && !isOfNode(asked) ? 'request lost' : undefined;
  };
  await run(world);
}

const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
const rollback = ({ migrator }: World) => migrator.rollback('app', { approve: yes });

describe.each(pairs)(
  'an API server that is unreachable while the journal is written, from %s to %s,',
  (_, _to, pair) => {
    it.each<[string, (pair: Pair) => Promise<World>, (world: World) => Promise<unknown>, number]>([
      ['a move', prepared, migrate, 1],
      ['a rollback', moved, rollback, 0],
    ])('is waited for by %s', async (_name, newWorld, run, side) => {
      const clean = await newWorld(pair);
      clean.process.asked.length = 0;
      await run(clean);
      const writes = [...clean.process.asked.entries()].filter(([, name]) => name === 'write ConfigMap lunward-app');
      expect(writes.length).toBeGreaterThan(2);
      for (const [place] of writes) {
        for (const isAnswer of [true, false]) {
          const world = await newWorld(pair);
          await awayFrom(place, world, run, isAnswer);
          expect([world.runsOn, world.journal.cutover], `at ${place}`).toEqual([[pair[side]?.name], undefined]);
          expect(world.storage.violations).toEqual([]);
        }
      }
    });
  },
);
