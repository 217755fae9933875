import { describe, expect, it } from 'vitest';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { isKeptStopped } from '../../../lib/migration/journal/cutover';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import type { Fault } from '../world/changes';
import { type World, yes } from '../world/world';
import { begin, killedAfter, moved, type Pair, pairs, prepared } from './cases';

useFastClock();

const isWrite = (name: string) => /^(write|create|patch|delete) /.test(name);
/** Scripts and units that may change something on a node. */
const isEffect = (name: string) => /^(start unit|cancel unit|run (seal-volume|release-|end-session))/.test(name);

/** What may become of something that is asked. */
function faultsOf(name: string): Fault[] {
  if (name.startsWith('write ')) return ['request lost', 'answer lost', 'conflict', 'refused'];
  if (isWrite(name)) return ['request lost', 'answer lost', 'refused'];
  return isEffect(name) ? ['request lost', 'answer lost'] : ['request lost'];
}

const isOfNode = (name: string) => / on node-/.test(name);

/** Where it goes wrong: at one place, at it and the next, or from there on whatever is asked of the same, the cluster or a node. */
const schedules = {
  once: (place: number) => (at: number) => at === place,
  twice: (place: number) => (at: number) => at === place || at === place + 1,
  'for the rest of the run': (place: number, name: string) => (at: number, asked: string) =>
    at >= place && isOfNode(asked) === isOfNode(name),
} as const;

/** The pod that old manifests would make, on the claim of a generation. */
const podOn = (world: World, claim: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'by-hand', namespace: 'media' },
  spec: {
    ...world.model.props.pod,
    containers: [],
    volumes: [{ name: 'a', persistentVolumeClaim: { claimName: claim } }],
  },
});

/** What must be so after any run, however it ended. */
function assertSafe(world: World, [source, target]: Pair, error: Error | undefined, subject: string): void {
  expect(world.storage.violations, subject).toEqual([]);
  for (const { place, row } of world.storage.acknowledged) {
    expect((place.files['library.db'] ?? '').split('\n'), subject).toContain(row);
  }
  const { live = {}, cutover } = world.journal;
  const claim = live['/config'] ?? source.name;
  const latest = world.journal.volumes[target.name]?.at(-1);
  if (claim === target.name && latest?.state === 'sealed' && latest.scan) {
    expect(world.rows(target), subject).toEqual(expect.arrayContaining(world.rows(source)));
  }
  const [on] = world.runsOn;
  if (on === undefined) {
    expect(error?.message, `${subject}: it is down, and that is said`).toMatch(
      /It is DOWN|is DOWN, with no replicas|could not be read from the cluster|It was stopped/,
    );
  } else expect(on, `${subject}: it runs on what is live`).toBe(claim);
  const left = cutover || live['/config'] ? [source, target].filter(({ name }) => name !== claim) : [];
  for (const { name } of left.filter((one) => one.name !== cutover?.volumes[0]?.to || !isKeptStopped(cutover))) {
    if (name === target.name && !live['/config']) continue;
    expect(() => world.cluster.admit(podOn(world, name)), `${subject}: ${name} is fenced`).toThrow(RefusedByServer);
  }
}

const failureOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error as Error);

/** What an operator does next, and how that must end. */
const next = {
  /** @returns the claim that the app is to be on then */
  migrate: async (world: World, [, target]: Pair) => {
    const migrate = () => world.migrator.migrate('app', { approve: yes });
    if (!world.journal.cutover && world.journal.live?.['/config'] === target.name) return target.name;
    const resumed = await failureOf(migrate());
    const wasFinished = resumed?.message.includes('runs on its old volumes');
    const error = wasFinished ? await failureOf(migrate()) : resumed;
    if (!error) return target.name;
    // Its node was away: what was sealed is still taken for prepared.
    if (error.message.includes('"lunward abort app"')) await world.migrator.abort('app', { approve: yes });
    if (!world.states(target).includes('rolled-back')) throw error;
    // What was sealed and given up is not used again: a further generation is.
    const further = target.kind === 'iscsi' ? lun('config-3') : share('config-3');
    world.storage.add(further);
    world.generations = [...world.generations, further];
    await migrate();
    return further.name;
  },
  rollback: async (world: World, [source]: Pair) => {
    const { cutover, live = {} } = world.journal;
    if (cutover || (live['/config'] ?? source.name) !== source.name) {
      await world.migrator.rollback('app', { approve: yes });
    }
    return source.name;
  },
} as const;

/** @param every only each n-th place, another one for each pair: all of them take minutes */
async function anythingFails(
  pair: Pair,
  newWorld: () => Promise<World>,
  run: (world: World) => Promise<unknown>,
  { isAt, every }: { readonly isAt: (typeof schedules)[keyof typeof schedules]; readonly every: number },
): Promise<void> {
  const begun = await newWorld();
  const clean = begun.copy();
  await run(clean).catch(() => {});
  const first = pairs.findIndex(([, , one]) => one === pair);
  const places = [...clean.process.asked.entries()].filter(
    ([place, name]) => isEffect(name) || place % every === first % every,
  );
  expect(places.length).toBeGreaterThan(5);
  const ways = Object.entries(next);
  for (const [place, name] of places) {
    for (const [index, fault] of faultsOf(name).entries()) {
      const [word, goOn] = ways[(place + index) % ways.length] as (typeof ways)[number];
      const world = begun.copy();
      const isNow = isAt(place, name);
      world.process.faultAt = (at, asked) => (isNow(at, asked) ? fault : undefined);
      const error = await failureOf(run(world));
      world.process.revive();
      const subject = `${fault} at ${place}, ${name}: ${error?.message ?? 'it ended well'}; then ${word}`;
      assertSafe(world, pair, error, subject);
      const on = await goOn(world, pair);
      assertSafe(world, pair, undefined, subject);
      expect([world.runsOn, world.journal.cutover], subject).toEqual([[on], undefined]);
    }
  }
}

const isLock = (change: string) => change === 'write lunward.lock.json';
const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
const rollback = ({ migrator }: World) => migrator.rollback('app', { approve: yes });
const inStop = async (pair: Pair) =>
  killedAfter((change) => change === 'final-copy on node-a', await prepared(pair), migrate);
const switched = async (pair: Pair) => killedAfter(isLock, await prepared(pair), migrate);
const onWayBack = async (pair: Pair) => killedAfter(isLock, await moved(pair), rollback);

const downs: [string, (pair: Pair) => Promise<World>, (world: World) => Promise<unknown>][] = [
  ['migrate, in the stop phase', inStop, migrate],
  ['rollback, in the stop phase', inStop, rollback],
  ['migrate, switched', switched, migrate],
  ['rollback, switched', switched, rollback],
  ['migrate, on its way back', onWayBack, migrate],
  ['rollback, on its way back', onWayBack, rollback],
];

describe.each(Object.entries(schedules))('a request fails %s', (schedule, isAt) => {
  const how = (from: string, to: string) => ({
    isAt,
    every: schedule === 'once' && from === 'nfs' && to === 'iscsi' ? 3 : 9,
  });

  it.each(pairs)('in a move from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      () => prepared(pair),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
      how(from, to),
    ),
  );

  it.each(pairs)('in a rollback from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      () => moved(pair),
      ({ migrator }) => migrator.rollback('app', { approve: yes }),
      how(from, to),
    ),
  );

  it.each(pairs)('in undoing a rollback from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      async () => {
        const world = await moved(pair);
        await rollback(world);
        return begin(world);
      },
      rollback,
      how(from, to),
    ),
  );

  it.each(downs)('in a command that finds the app down: %s', async (_down, newWorld, run) => {
    const [, , pair] = pairs[0] as (typeof pairs)[number];
    expect((await newWorld(pair)).runsOn).toEqual([]);
    await anythingFails(pair, () => newWorld(pair), run, { isAt, every: 3 });
  });
});
