import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { pairs } from './cases';

useFastClock();

describe.each(pairs)('a listener that fails at every event, of a move from %s to %s,', (_from, _to, pair) => {
  it('stops neither the move nor its rollback', async () => {
    const world = World.running(pair);
    world.onEvent = () => {
      throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    };
    await world.migrator.migrate('app', { approve: yes });
    expect([world.runsOn, world.journal.cutover]).toEqual([['config-2'], undefined]);
    await world.migrator.rollback('app', { approve: yes });
    expect([world.runsOn, world.journal.cutover]).toEqual([['config'], undefined]);
    expect(world.told).toContain('starting');
  });
});
