import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, changesNothing, moved, pairs, prepared, toLuns } from './cases';
import { deleteJournal, journalIn, recover } from './lost';

useFastClock();

/** Removes the record from the fence: earlier versions wrote none. */
function withoutRecord(world: World): void {
  const fence = world.cluster.find<LiveObject>('ValidatingAdmissionPolicy', 'lunward-media.app') as LiveObject;
  world.cluster.apply({ ...fence, metadata: { ...fence.metadata, annotations: {} } } as never);
}

const useCases: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  plan: ({ migrator }) => migrator.plan('app'),
  prepare: ({ migrator }) => migrator.prepare('app', { approve: yes }),
  migrate: ({ migrator }) => migrator.migrate('app', { approve: yes }),
  rollback: ({ migrator }) => migrator.rollback('app', { approve: yes }),
  abort: ({ migrator }) => migrator.abort('app', { approve: yes }),
  wipe: ({ migrator }) => migrator.wipe('app', { approve: yes }),
  seal: ({ migrator }) => migrator.seal('app', { approve: yes }),
  format: ({ migrator }) => migrator.format('app', { approve: yes }),
  verify: ({ migrator }) => migrator.verify('app'),
  retire: ({ migrator }) => migrator.retire('app', { approve: yes }),
};

async function refusals(world: World): Promise<string[]> {
  const messages: string[] = [];
  for (const [name, run] of Object.entries(useCases)) {
    let error: Error | undefined;
    await changesNothing(world, async () => {
      error = await run(world).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    });
    expect(error, name).toMatchObject({ category: 'refused', code: 'journal-lost' });
    messages.push(error?.message ?? '');
  }
  return messages;
}

describe.each(pairs)('an app that was moved from %s to %s and has lost its journal', (_from, _to, pair) => {
  const [source, target] = pair;

  it('is not treated as never moved, and its journal can be restored', async () => {
    const world = await deleteJournal(await moved(pair));
    for (const message of await refusals(world)) {
      expect(message).toContain(`lunward.lock.json says that ${target.name} at /config is live`);
      expect(JSON.parse(journalIn(message))).toEqual({ version: 2, volumes: {}, live: { '/config': target.name } });
    }
    const { next = '' } = await world.migrator.status('app');
    recover(world, next);
    expect(await world.migrator.migrate('app', { approve: yes })).toEqual({ result: 'unchanged' });
    expect(await world.migrator.rollback('app', { approve: yes })).toMatchObject({ result: 'unchanged' });
    expect(world.runsOn).toEqual([target.name]);
    const further = lun('config-3');
    world.storage.add(further);
    world.generations = [...world.generations, further];
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual(['config-3']);
    expect(world.rows(further)).toEqual(expect.arrayContaining(world.rows(target)));
    expect(world.storage.violations).toEqual([]);
  });

  it('is recognised by its fence if the lock file is lost too', async () => {
    const world = await deleteJournal(await moved(pair));
    world.lock = emptyLock;
    for (const message of await refusals(world)) expect(message).toContain('restore lunward.lock.json from Git first');
  });

  it('gets no new journal if it is down and its fence has recorded nothing, or if it is on another volume than the lock file names', async () => {
    const stopped = await prepared(pair);
    await stopped.migrator.migrate('app', { approve: yes, until: 'stop' });
    await deleteJournal(stopped);
    withoutRecord(stopped);
    stopped.lock = { ...stopped.lock, live: { app: { '/config': source.name } } };
    for (const message of await refusals(stopped)) {
      expect(message).toContain('a move or a rollback was under way');
      expect(message).toContain(
        'kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy lunward-media.app',
      );
      expect(message).not.toContain('kubectl create');
    }
    const elsewhere = await deleteJournal(await moved(pair));
    elsewhere.lock = { ...elsewhere.lock, live: { app: { '/config': source.name } } };
    for (const message of await refusals(elsewhere)) expect(message).toContain('do not name the same volumes');
    const down = await deleteJournal(await moved(pair));
    down.stop();
    begin(down);
    for (const message of await refusals(down)) expect(message).toContain('run this again once it is Ready');
  });

  it('starts again with the replicas that its fence has recorded if its first move had stopped it', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    await deleteJournal(world);
    expect(world.lock.live).toEqual({});
    for (const message of await refusals(world)) {
      expect(message).toContain(`Then "lunward rollback app" starts it on ${source.name} with 1 replica`);
      expect(JSON.parse(journalIn(message))).toMatchObject({ live: {}, cutover: { phase: 'stopping', replicas: 1 } });
    }
    recover(world, (await world.migrator.status('app')).next ?? '');
    expect(await world.migrator.rollback('app', { approve: yes })).toMatchObject({ result: 'changed' });
    expect(world.runsOn).toEqual([source.name]);
    expect(world.journal.cutover).toBeUndefined();
    expect(world.cluster.find('ValidatingAdmissionPolicy', 'lunward-media.app')).toBeUndefined();
  });

  it.each<[string, (world: World) => Promise<unknown>, () => Promise<World>]>([
    ['a move', ({ migrator }) => migrator.migrate('app', { approve: yes }), () => prepared(pair)],
    ['a rollback', ({ migrator }) => migrator.rollback('app', { approve: yes }), () => moved(pair)],
  ])('starts again from what its fence has recorded, wherever %s was killed', async (_, run, newWorld) => {
    const undisturbed = await newWorld();
    await run(undisturbed);
    const recovered: string[] = [];
    for (const [index, change] of undisturbed.changes.entries()) {
      const world = await newWorld();
      const rows = world.rows(source);
      world.process.killIn(index + 1);
      await run(world).catch(() => {});
      world.process.revive();
      await deleteJournal(world);
      const { next = '' } = await world.migrator.status('app');
      if (!next.includes('fence, lock file and Deployment agree')) continue;
      const place = `killed after ${index + 1}: ${change}: ${next}`;
      recovered.push(place);
      recover(world, next);
      await world.migrator.rollback('app', { approve: yes });
      expect(world.runsOn, place).toEqual([source.name]);
      expect(world.rows(source), place).toEqual(expect.arrayContaining(rows));
      expect(world.journal.cutover, place).toBeUndefined();
      expect(world.storage.violations, place).toEqual([]);
    }
    expect(recovered.length).toBeGreaterThan(5);
  });

  it('that was only prepared continues, because the marker identifies the copy', async () => {
    const world = await deleteJournal(await prepared(pair));
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual([target.name]);
  });
});

it.each(toLuns)(
  'a restart of an app on a LUN, moved from %s to %s, resumes from what the fence has recorded',
  async (_from, _to, pair) => {
    const world = await moved(pair);
    world.place(pair[1]).trouble = { stopped: 'emergency_ro' };
    world.process.onChange = (name) => {
      if (name === 'patch Deployment app') world.process.killIn(0);
    };
    await world.migrator.restart('app', { approve: yes }).catch(() => {});
    world.process.onChange = () => {};
    world.process.revive();
    await deleteJournal(world);
    const { next = '' } = await world.migrator.status('app');
    expect(next).toContain('Then "lunward restart app" checks its file systems and starts it again with 1 replica');
    recover(world, next);
    await world.migrator.restart('app', { approve: yes });
    expect(world.runsOn).toEqual([pair[1].name]);
    expect(world.journal.cutover).toBeUndefined();
  },
);
