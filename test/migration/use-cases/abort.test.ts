import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import { NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { abortedAt, begin, changesNothing, killedAfter, moved, pairs, prepared } from './cases';

useFastClock();

describe.each(pairs)('giving up a move from %s to %s', (_from, _to, pair) => {
  const [source, target] = pair;

  it('abandons the attempt, and leaves the app and the copy as they are', async () => {
    const world = await prepared(pair);
    const [onSource, onTarget] = [world.place(source), world.place(target)].map((place) => structuredClone(place));
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared', 'abandoned']);
    expect([world.place(source), world.place(target)]).toEqual([onSource, onTarget]);
    expect(world.runsOn).toEqual(['config']);
    expect(world.lock).toEqual({ version: 1, live: {} });
  });

  it('gives up for good a copy that was sealed while the journal calls it prepared', async () => {
    const world = await prepared(pair);
    Object.assign(world.place(target).marker ?? {}, { state: 'sealed' });
    const onTarget = structuredClone(world.place(target));
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
    expect(world.states(target)).toEqual(['intent', 'building', 'prepared', 'rolled-back']);
    expect(world.journal.volumes[target.name]?.at(-1)).toMatchObject({ attempt: 1, neverLive: true });
    expect(world.place(target)).toEqual(onTarget);
  });

  it('ends a running copy before it records that', async () => {
    const world = World.running(pair);
    const signal = abortedAt(world, (event) => event.type === 'step' && event.step.name === 'copy');
    await world.migrator.prepare('app', { approve: yes, signal }).catch(() => {});
    begin(world);
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
    expect(world.nodes.flatMap(({ units }) => [...units.keys()])).toEqual([]);
    expect(world.changes).toEqual([expect.stringMatching(/^cancel-unit on node-/), 'write ConfigMap lunward-app']);
    expect(world.states(target)).toEqual(['intent', 'building', 'abandoned']);
  });

  it('is resumed after an interruption', async () => {
    const world = await prepared(pair);
    const signal = AbortSignal.abort();
    await changesNothing(world, () => world.migrator.abort('app', { approve: yes, signal }), Interrupted);
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
  });

  it('treats a node as gone for good if it is neither described nor in the cluster, and records that', async () => {
    const world = await prepared(pair);
    const writer = world.journal.volumes[target.name]?.at(-1)?.node ?? '';
    const isOther = ({ name }: { readonly name: string }) => name !== writer;
    world.nodes.splice(0, 2, ...world.nodes.filter(({ machine }) => isOther(machine)));
    const refused = await world.migrator.abort('app', { approve: yes }).catch((error: PlanRefused) => error);
    expect(refused).toMatchObject({ advice: [{ code: 'writer-not-described', subject: writer }] });
    world.cluster.nodes.splice(
      0,
      2,
      ...world.cluster.nodes.filter(({ metadata }) => isOther({ name: metadata?.name ?? '' })),
    );
    expect(await world.migrator.abort('app', { approve: yes })).toBe('changed');
    expect(world.journal.volumes[target.name]?.at(-1)).toMatchObject({
      state: 'abandoned',
      node: writer,
      writerGone: true,
    });
    expect(world.runsOn).toEqual(['config']);
  });

  it('is done only once', async () => {
    const world = await prepared(pair);
    await world.migrator.abort('app', { approve: yes });
    begin(world);
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.abort('app', { approve: [] });
    });
    expect(result).toBe('unchanged');
  });

  it('has nothing to do if nothing was begun', async () => {
    const world = World.running(pair);
    let result: unknown;
    await changesNothing(world, async () => {
      result = await world.migrator.abort('app', { approve: [] });
    });
    expect(result).toBe('unchanged');
  });

  it('changes nothing if another plan was approved', async () => {
    const world = await prepared(pair);
    await changesNothing(world, () => world.migrator.abort('app', { approve: ['0123456789abcdef'] }), NotApproved);
  });

  it('is refused once the target is sealed', async () => {
    const world = await moved(pair);
    await changesNothing(world, () => world.migrator.abort('app', { approve: yes }), PlanRefused);
  });

  it('is refused while the app is stopped', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    await changesNothing(world, () => world.migrator.abort('app', { approve: yes }), UserError);
    expect(world.place(target).marker?.state).toBe('sealed');
  });
});

describe('giving up a first volume', () => {
  const volume = lun('config');
  const cases: readonly (readonly ['format' | 'seal', (world: World) => void])[] = [
    ['format', ({ storage }) => storage.add(volume)],
    ['seal', ({ storage }) => storage.addFilled(volume, { 'library.db': 'row of before\n' })],
  ];

  it.each(cases)('names the command that records the seal if %s was killed right after it', async (command, fill) => {
    const world = new World([volume]);
    fill(world);
    const isSeal = (change: string) => change.startsWith('seal-volume');
    await killedAfter(isSeal, world, ({ migrator }) => migrator[command]('app', { approve: yes }));
    const place = structuredClone(world.place(volume));
    expect(place.marker?.state).toBe('sealed');
    const error: UserError = await world.migrator.abort('app', { approve: yes }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'step-declined',
      message: expect.stringContaining(`"lunward ${command} app"`),
    });
    // The same command could only decline again.
    expect(error.message).not.toContain('run the same command again');
    expect(world.place(volume)).toEqual(place);
    expect(await world.migrator[command]('app', { approve: yes })).toBe('changed');
    expect(world.states(volume).at(-1)).toBe('sealed');
  });

  it('says before it that a formatted volume holds no data', async () => {
    const world = new World([volume]);
    world.storage.add(volume);
    const signal = abortedAt(world, (event) => event.type === 'step' && event.news === 'changed');
    await world.migrator.format('app', { approve: yes, signal }).catch(() => {});
    const remarks: string[] = [];
    const onPlan = (plans: readonly { readonly remarks: readonly string[] }[]) =>
      void remarks.push(...plans.flatMap((plan) => plan.remarks));
    expect(await world.migrator.abort('app', { approve: yes, onPlan })).toBe('changed');
    expect(remarks.join()).not.toContain('copy');
    expect(world.states(volume).at(-1)).toBe('abandoned');
  });
});
