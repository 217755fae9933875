import { describe, expect, it } from 'vitest';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { World } from '../world/world';
import { type Pair, pairs } from './cases';
import { Invariants } from './walk-invariants';
import { endOthers } from './walk-others';
import { circumstances, commands, disturb, edits, numbers, pick, type Random } from './walk-steps';

const { jump } = useFastClock();

/** Walks of each pair; a walk that fails is told by its seed. `LUNWARD_WALKS=500` walks more. */
const WALKS = Number(process.env.LUNWARD_WALKS ?? 10);
/** Number of the first one. */
const FIRST = Number(process.env.LUNWARD_WALK ?? 0);
const STEPS = 14;

/** An app with one mount or two, on a cluster with a fence or, of a quarter of them, without. */
function newWorld(pair: Pair, random: Random): World {
  const world = World.running(pair);
  if (random(3) > 0) {
    const kind = () => (random(2) === 0 ? lun : share);
    const [first, second] = [kind()('data'), kind()('data-2')];
    world.storage.addFilled(first, { 'library.db': 'row of data\n' });
    world.storage.add(second);
    world.stop();
    world.others = { '/data': [first, second] };
    world.apply();
  }
  world.cluster.hasAdmission = random(4) > 0;
  return world;
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error,
  );

describe.each(pairs)('from %s to %s', (from, to, pair) => {
  it.each(Array.from({ length: WALKS }, (_, seed) => [FIRST + seed]))(
    'walk %d loses nothing and leads on',
    async (seed) => {
      const random = numbers(seed * 7919 + pair[1].name.length + from.length * 31 + to.length);
      const world = newWorld(pair, random);
      const invariants = new Invariants(world);
      const said = [`seed ${seed}, admission ${world.cluster.hasAdmission}, mounts ${Object.keys(world.others)}`];
      for (let step = 0; step < STEPS; step++) {
        const isEdit = random(4) === 0;
        const [name, run] = pick(isEdit ? edits : commands, random);
        const [how, circumstance] = isEdit || random(3) > 0 ? ['', undefined] : pick(circumstances(jump), random);
        said.push(isEdit ? name : `${name} ${how}, ${disturb(world, random)}`);
        const error = await failureOf((circumstance?.(run) ?? run)(world, random));
        world.process.revive();
        const kind = isEdit ? 'edit' : circumstance ? 'command in other circumstances' : 'command';
        const { cutover } = world.journal;
        said.push(`  ${error ? `${error.name}: ${error.message}` : 'ended well'}; ${world.runsOn}; ${cutover?.phase}`);
        invariants.check({ walk: said.join('\n'), kind, ...(error && { error }) });
      }
      endOthers(world);
      const { cutover } = world.journal;
      if (cutover) {
        const isRestart = cutover.phase === 'restarting' || cutover.phase === 'restarted';
        await world.migrator[isRestart ? 'restart' : 'rollback']('app', { approve: async () => {} });
        invariants.check({ walk: said.join('\n'), kind: 'edit' });
      }
      expect(world.journal.cutover, said.join('\n')).toBeUndefined();
    },
  );
});
