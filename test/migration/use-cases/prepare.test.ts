import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { abortedAt, changesNothing, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('preparing a move from %s to %s', (_from, to, pair) => {
  const [source, target] = pair;

  it('copies while the app runs, without affecting it', async () => {
    const world = World.running(pair);
    const { lock } = world;
    expect(await world.migrator.prepare('app', { approve: yes })).toEqual({ result: 'prepared' });
    expect(world.runsOn).toEqual(['config']);
    expect(world.lock).toBe(lock);
    expect(world.rows(source)).toEqual(['row of before', 'row of app-1']);
    expect(world.place(target)).toMatchObject({
      files: world.place(source).files,
      hashed: world.place(source).files,
      marker: { state: 'building', attempt: 1, volume: 'config-2' },
    });
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared']);
    expect(world.journal.cutover).toBeUndefined();
  });

  it('records each change before and after it', async () => {
    const world = World.running(pair);
    await world.migrator.prepare('app', { approve: yes });
    const [node] = world.nodes.filter(({ machine }) => world.changes.some((one) => one.endsWith(machine.name)));
    const journal = 'write ConfigMap lunward-app';
    const on = ` on ${node?.machine.name}`;
    const first = to === 'iscsi' ? 'format-lun' : 'mark-folder';
    expect(world.changes).toEqual([journal, `${first}${on}`, journal, `warm-copy${on}`, `hash-trees${on}`, journal]);
  });

  it('reports each step with its result', async () => {
    const world = World.running(pair);
    await world.migrator.prepare('app', { approve: yes });
    const news = world.reported.map((event) => event.type === 'step' && typeof event.news === 'string' && event.news);
    expect(news.filter(Boolean)).toEqual(['begins', 'changed', 'begins', 'changed', 'begins', 'changed']);
  });

  it('again copies what was written since, and writes nothing into the journal', async () => {
    const world = await prepared(pair);
    world.place(source).files = { ...world.place(source).files, 'new.xml': 'late' };
    expect(await world.migrator.prepare('app', { approve: yes })).toEqual({ result: 'prepared' });
    expect(world.place(target).files).toEqual(world.place(source).files);
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared']);
  });

  it('continues on the node after an interruption, and is resumed with the same approval', async () => {
    const world = World.running(pair);
    const digests: string[] = [];
    const approve = async (asked: readonly string[]) => void digests.push(...asked);
    const signal = abortedAt(world, (event) => event.type === 'step' && event.step.name === 'copy');
    await expect(world.migrator.prepare('app', { approve, signal })).rejects.toThrow(Interrupted);
    expect(world.nodes.flatMap(({ units }) => [...units.keys()])).toEqual(['lunward-copy-config-2-1']);
    expect(world.states(target)).toEqual(['intent', 'building']);
    expect((await world.migrator.status('app')).volumes).toMatchObject([{ work: expect.stringMatching(/^copy runs/) }]);
    expect(await world.migrator.prepare('app', { approve: digests })).toEqual({ result: 'prepared' });
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared']);
    expect(world.place(target).files).toEqual(world.place(source).files);
  });

  it('records only the intent if it is interrupted before the first step', async () => {
    const world = World.running(pair);
    const signal = AbortSignal.abort();
    await expect(world.migrator.prepare('app', { approve: yes, signal })).rejects.toThrow(Interrupted);
    expect(world.changes).toEqual(['write ConfigMap lunward-app']);
    expect(world.states(target)).toEqual(['intent']);
    expect(world.place(target).files).toEqual({});
  });

  it('changes nothing if another plan, or no plan, was approved', async () => {
    const world = World.running(pair);
    await changesNothing(world, () => world.migrator.prepare('app', { approve: ['0123456789abcdef'] }), NotApproved);
    await changesNothing(world, () => world.migrator.prepare('app', { approve: [] }), NotApproved);
  });

  it('changes nothing if its plan is refused', async () => {
    const world = World.running(pair);
    Object.assign(world.place(target), { files: { 'other.txt': '' }, ...(to === 'iscsi' && { fileSystem: 'xfs' }) });
    await changesNothing(world, () => world.migrator.prepare('app', { approve: yes }), PlanRefused);
  });
});
