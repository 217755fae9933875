import { describe, expect, it } from 'vitest';
import { editsBetween } from '../../../lib/migration/plan/edited-description';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { pairs, prepared } from './cases';

useFastClock();

const model = (props: object) => resolveApp({ image, ...props }, { name: 'app', namespace: 'media' });

describe('an edit since the plan is reported with both values', () => {
  const config = [share('config'), lun('config-2')];
  const planned = model({ config });

  it('no edit is reported if the description is the same', () => {
    expect(editsBetween(planned, model({ config: [share('config'), lun('config-2')] }))).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'the image of the app',
      { config, image: 'example.com/app:2' },
      `Deployment app.spec.template.spec.containers[app].image: planned "${image}", now "example.com/app:2"`,
    ],
    [
      'where the data is to go',
      { config: [share('config'), { ...lun('config-2'), lun: 7 }] },
      'mount /config.generations[config-2].lun: planned 1, now 7',
    ],
    ['the live volume', { config: [lun('config-2')] }, 'mount /config.live: planned "config", now "config-2"'],
  ])('%s', (_, props, line) => {
    expect(editsBetween(planned, model(props))).toContain(line);
  });
});

describe.each(pairs)('an edit of the description during a move from %s to %s', (_from, _to, pair) => {
  const edit = (world: World) => {
    world.generations = [...pair, lun('config-3')];
  };

  it('before the app is stopped leaves it running', async () => {
    const world = await prepared(pair);
    await expect(world.migrator.migrate('app', { approve: async () => edit(world) })).rejects.toMatchObject({
      code: 'description-edited',
      category: 'refused',
      message: expect.stringContaining('mount /config.generations[config-3]: planned without it, now {'),
    });
    expect(world.changes).not.toContain('patch Deployment app');
    expect(world.journal.cutover).toBeUndefined();
    expect(world.runsOn).toEqual(['config']);
  });

  it('while the app is down prevents the switch, and starts the app on its source', async () => {
    const world = await prepared(pair);
    world.onEvent = ({ type }) => type === 'stopped' && edit(world);
    await expect(world.migrator.migrate('app', { approve: yes })).rejects.toMatchObject({ code: 'description-edited' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.lock.live).toEqual({});
    expect(world.journal.cutover).toBeUndefined();
  });

  it('that is undone does not affect the next run', async () => {
    const world = World.running(pair);
    const ended = world.migrator.migrate('app', { approve: async () => edit(world) });
    await expect(ended).rejects.toMatchObject({ code: 'description-edited' });
    world.generations = pair;
    expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ result: 'moved' });
    expect(world.runsOn).toEqual(['config-2']);
  });
});
