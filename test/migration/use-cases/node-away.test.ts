import { describe, expect, it } from 'vitest';
import { useFastClock } from '../clock';
import { yes } from '../world/world';
import { pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)(
  'a node that is unreachable after the app is stopped, in a move from %s to %s,',
  (_, _to, pair) => {
    it('does not count as unused, even if the API server shows no pod: the app starts on its source again', async () => {
      const world = await prepared(pair);
      world.onEvent = ({ type }) => {
        if (type === 'stopping') {
          world.process.faultAt = (_place, name) => (name.endsWith(' on node-b') ? 'request lost' : undefined);
        }
      };
      const migrate = () => world.migrator.migrate('app', { approve: yes });
      await expect(migrate()).rejects.toMatchObject({
        code: expect.stringMatching(/^(storage-in-use|unreachable)$/),
        message: expect.stringContaining('node-b'),
      });
      expect(world.runsOn).toEqual(['config']);
      expect(world.changes.filter((name) => name.startsWith('final-copy'))).toEqual([]);
      expect(world.states(pair[1]).at(-1)).toBe('prepared');
      world.process.faultAt = () => undefined;
      world.onEvent = () => {};
      // Of a LUN it could not be seen that the app uses it again, so that part is still to be done.
      if (world.journal.cutover) await world.migrator.rollback('app', { approve: yes });
      await migrate();
      expect(world.runsOn).toEqual(['config-2']);
      expect(world.storage.violations).toEqual([]);
    });
  },
);
