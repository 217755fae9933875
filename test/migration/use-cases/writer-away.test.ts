import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { killedAfter, type Pair, prepared, toLuns } from './cases';

useFastClock();

/** An app that is down, with a copy on its way that is sealed and not in the journal; the node that wrote it is away. */
async function downWithoutWriter(pair: Pair): Promise<{ readonly world: World; readonly writer: string }> {
  const world = await prepared(pair);
  const writer = world.journal.volumes[pair[1].name]?.at(-1)?.node ?? '';
  await killedAfter(
    (change) => change === `final-copy on ${writer}`,
    world,
    ({ migrator }) => migrator.migrate('app', { approve: yes }),
  );
  world.process.faultAt = (_, name) => (name.endsWith(` on ${writer}`) ? 'request lost' : undefined);
  return { world, writer };
}

describe.each(toLuns)(
  'a rollback from %s to %s, while the node that wrote the copy is unreachable',
  (_from, _to, pair) => {
    const [source, target] = pair;

    it('ends with a running app, and a copy that abort gives up', async () => {
      const { world, writer } = await downWithoutWriter(pair);
      expect(world.runsOn).toEqual([]);
      await world.migrator.rollback('app', { approve: yes });
      expect([world.runsOn, world.journal.cutover]).toEqual([[source.name], undefined]);
      expect(world.states(target).at(-1)).toBe('prepared');
      expect(world.reported).toContainEqual(expect.objectContaining({ type: 'sealNotRead', node: writer }));
      world.process.revive();
      const error = await world.migrator.migrate('app', { approve: yes }).catch((thrown: Error) => thrown);
      expect([world.runsOn, error]).toEqual([[source.name], expect.objectContaining({ code: 'step-declined' })]);
      expect((error as Error).message).toContain('"lunward abort app"');
      expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
      expect(world.states(target).at(-1)).toBe('rolled-back');
      expect(world.runsOn).toEqual([source.name]);
    });
  },
);
