import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

/** Somebody deletes the journal. */
async function deleteJournal(world: World): Promise<World> {
  const journal = world.cluster.find('ConfigMap', 'lunward-app', 'media') as LiveObject;
  await world.cluster.client.delete(journal as never);
  return begin(world);
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

/** The journal that a message has one written with: the shell and kubectl are left out of that. */
function journalIn(message: string): string {
  const [, literal = ''] = /--from-literal=(journal=.*)"\. What/.exec(message) ?? [];
  return execFileSync('sh', ['-c', `printf %s ${literal}`], { encoding: 'utf8' }).replace(/^journal=/, '');
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
    world.cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lunward-app', namespace: 'media' },
      data: { journal: journalIn(next) },
    });
    begin(world);
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

  it('gets no new journal while it is down, or on another volume than the lock file names', async () => {
    const stopped = await prepared(pair);
    await stopped.migrator.migrate('app', { approve: yes, until: 'stop' });
    await deleteJournal(stopped);
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

  it('that was only prepared continues, because the marker identifies the copy', async () => {
    const world = await deleteJournal(await prepared(pair));
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual([target.name]);
  });
});
