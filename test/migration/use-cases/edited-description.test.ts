import { describe, expect, it } from 'vitest';
import { editsBetween } from '../../../lib/migration/plan/edited-description';
import { resolveApp } from '../../../lib/workload/model';
import type { MediaAppProps } from '../../../lib/workload/props';
import { image, lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, moved, pairs, prepared } from './cases';

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

  it.each<[string, readonly string[], (world: World, approve: () => Promise<void>) => Promise<unknown>]>([
    ['a rollback', ['config-2'], ({ migrator }, approve) => migrator.rollback('app', { approve })],
    [
      'the undoing of a rollback',
      ['config'],
      async ({ migrator }, approve) => {
        await migrator.rollback('app', { approve: yes });
        return migrator.rollback('app', { approve });
      },
    ],
    ...(pair[1].kind === 'iscsi'
      ? ([['a restart', ['config-2'], ({ migrator }, approve) => migrator.restart('app', { approve })]] as [
          string,
          readonly string[],
          (world: World, approve: () => Promise<void>) => Promise<unknown>,
        ][])
      : []),
  ])('while the operator is asked about %s stops nothing', async (_, runsOn, run) => {
    const world = await moved(pair);
    const ended = run(world, async () => {
      edit(world);
      begin(world);
    });
    await expect(ended).rejects.toMatchObject({ code: 'description-edited', category: 'refused' });
    expect(world.changes).toEqual([]);
    expect([world.runsOn, world.journal.cutover]).toEqual([runsOn, undefined]);
  });

  describe('after a run that was killed while the app was down', () => {
    const killedWhileDown = async (props: MediaAppProps = { image }) => {
      const world = World.running(pair, props);
      world.onEvent = ({ type }) => type === 'stopped' && world.process.killIn(0);
      await world.migrator.migrate('app', { approve: yes }).catch(() => {});
      world.onEvent = () => {};
      world.process.revive();
      expect(world.journal.cutover?.phase).toBe('stopping');
      return world;
    };
    const refused = async (world: World, found: string) => {
      const [before, lock] = [world.journal, world.lock];
      world.changes.length = 0;
      await expect(world.migrator.migrate('app', { approve: yes })).rejects.toMatchObject({
        code: 'description-edited',
        category: 'refused',
        message: expect.stringMatching(new RegExp(`${found}[^]*It is DOWN[^]*lunward rollback app`)),
      });
      expect([world.journal, world.lock, world.runsOn]).toEqual([before, lock, []]);
      expect(world.changes).toEqual([]);
    };

    it('that names another source than the app had is refused', async () => {
      const world = await killedWhileDown();
      const [source, target] = pair;
      const elsewhere = source.kind === 'nfs' ? { ...source, path: '/volume1/old-copy' } : { ...source, lun: 7 };
      world.generations = [elsewhere, target];
      await refused(world, source.kind === 'nfs' ? 'old-copy' : '7');
      world.generations = pair;
      expect(await world.migrator.migrate('app', { approve: yes })).toMatchObject({ result: 'moved' });
      expect(world.runsOn).toEqual(['config-2']);
    });

    it('that gives the app another image than it had is refused', async () => {
      const props = { image };
      const world = await killedWhileDown(props);
      props.image = 'example.com/app:2';
      world.generations = [...pair];
      await refused(world, `${image}.*example.com/app:2`);
      await world.migrator.rollback('app', { approve: yes });
      expect(world.runsOn).toEqual(['config']);
    });
  });
});
