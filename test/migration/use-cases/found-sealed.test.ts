import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { DATABASE } from '../world/storage';
import { type World, yes } from '../world/world';
import { type Pair, pairs, prepared } from './cases';

useFastClock();

const migrate = (world: World) => world.migrator.migrate('app', { approve: yes });

/** A move whose process is killed after the last copy, before the journal says that the volume is sealed. */
async function sealedInSecret(pair: Pair): Promise<World> {
  const world = await prepared(pair);
  world.process.onChange = (name) => {
    if (name.startsWith('final-copy')) world.process.killIn(0);
  };
  await expect(migrate(world)).rejects.toThrow('dead');
  world.process.onChange = () => {};
  world.process.revive();
  expect(world.states(pair[1]).at(-1)).toBe('prepared');
  expect(world.place(pair[1]).marker).toMatchObject({ state: 'sealed' });
  expect(world.runsOn).toEqual([]);
  return world;
}

describe.each(pairs)('a volume that an earlier run has sealed, of a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;

  it('is used if the source has not changed since', async () => {
    const world = await sealedInSecret(pair);
    expect(await migrate(world)).toMatchObject({ result: 'moved' });
    expect(world.runsOn).toEqual(['config-2']);
    expect(world.rows(target)).toEqual([...world.rows(source), 'row of app-2']);
  });

  it('is abandoned if the source was written to since; the app runs on its source again', async () => {
    const world = await sealedInSecret(pair);
    const place = world.place(source);
    place.files = { ...place.files, [DATABASE]: `${place.files[DATABASE]}row of another\n` };
    await expect(migrate(world)).rejects.toMatchObject({ code: 'source-changed' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.rows(source)).toContain('row of another');
    expect(world.states(target).slice(-2)).toEqual(['sealed', 'rolled-back']);
    expect(world.journal.cutover).toBeUndefined();
  });
});
