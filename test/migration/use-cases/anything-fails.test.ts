import { describe, expect, it } from 'vitest';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { isKeptStopped } from '../../../lib/migration/journal/cutover';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, killedAfter, moved, type Pair, pairs, prepared } from './cases';
import { failureOf, faultsOf, isEffect, schedules } from './failing-requests';
import { expectToldOrRefused, firstManifest, seeManifests } from './old-manifests';

useFastClock();

/** Other places of those that are not all taken: `LUNWARD_PLACES=1`, 2 and so on. */
const SHIFT = Number(process.env.LUNWARD_PLACES ?? 0);

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
  if (!world.cluster.hasAdmission) return;
  for (const { name } of left.filter((one) => one.name !== cutover?.volumes[0]?.to || !isKeptStopped(cutover))) {
    if (name === target.name && !live['/config']) continue;
    expect(() => world.cluster.admit(podOn(world, name)), `${subject}: ${name} is fenced`).toThrow(RefusedByServer);
  }
}

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

interface How {
  readonly isAt: (typeof schedules)[keyof typeof schedules];
  /** Only each n-th place, another one for each pair: all of them take minutes. Effects on nodes fail at every place. */
  readonly every: number;
  /** Without it, each third of these places, effects too. */
  readonly hasAdmission: boolean;
}

async function anythingFails(
  pair: Pair,
  newWorld: (hasAdmission: boolean) => Promise<World>,
  run: (world: World) => Promise<unknown>,
  { isAt, every, hasAdmission }: How,
): Promise<void> {
  const begun = await newWorld(hasAdmission);
  const clean = begun.copy();
  await run(clean).catch(() => {});
  const shift = pairs.findIndex(([, , one]) => one === pair) + SHIFT;
  const isEach = (place: number, nth: number) => place % nth === shift % nth;
  const places = [...clean.process.asked.entries()].filter(([place, name]) =>
    hasAdmission ? isEffect(name) || isEach(place, every) : isEach(place, isEffect(name) ? 3 : 3 * every),
  );
  expect(places.length).toBeGreaterThan(hasAdmission ? 5 : 2);
  const ways = Object.entries(next);
  for (const [place, name] of places) {
    for (const [index, fault] of faultsOf(name).entries()) {
      const [word, goOn] = ways[(place + index) % ways.length] as (typeof ways)[number];
      const world = begun.copy();
      const old = seeManifests(world);
      const isNow = isAt(place, name);
      world.process.faultAt = (at, asked) => (isNow(at, asked) ? fault : undefined);
      const error = await failureOf(run(world));
      world.process.revive();
      const subject = `${fault} at ${place}, ${name}: ${error?.message ?? 'it ended well'}; then ${word}`;
      const assertKept = async (after: Error | undefined) => {
        assertSafe(world, pair, after, subject);
        // Without admission, only markers keep old manifests away, or a person who was told.
        if (!hasAdmission) await expectToldOrRefused(world, [firstManifest(world), ...old], subject);
      };
      await assertKept(error);
      const on = await goOn(world, pair);
      await assertKept(undefined);
      expect([world.runsOn, world.journal.cutover], subject).toEqual([[on], undefined]);
    }
  }
}

const isLock = (change: string) => change === 'write lunward.lock.json';
const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
const rollback = ({ migrator }: World) => migrator.rollback('app', { approve: yes });
const inStop = async (...of: Parameters<typeof prepared>) =>
  killedAfter((change) => change === 'final-copy on node-a', await prepared(...of), migrate);
const switched = async (...of: Parameters<typeof prepared>) => killedAfter(isLock, await prepared(...of), migrate);
const onWayBack = async (...of: Parameters<typeof moved>) => killedAfter(isLock, await moved(...of), rollback);

const downs: [string, typeof prepared, (world: World) => Promise<unknown>][] = [
  ['migrate, in the stop phase', inStop, migrate],
  ['rollback, in the stop phase', inStop, rollback],
  ['migrate, switched', switched, migrate],
  ['rollback, switched', switched, rollback],
  ['migrate, on its way back', onWayBack, migrate],
  ['rollback, on its way back', onWayBack, rollback],
];

const clusters = [
  ['with admission', true],
  ['without admission', false],
] as const;
const cases = Object.entries(schedules).flatMap(([schedule, isAt]) =>
  clusters.map(([where, hasAdmission]) => [schedule, where, isAt, hasAdmission] as const),
);

describe.each(cases)('a request fails %s, %s', (schedule, _where, isAt, hasAdmission) => {
  const how = (from: string, to: string): How => ({
    isAt,
    hasAdmission,
    every: schedule === 'once' && from === 'nfs' && to === 'iscsi' ? 3 : 9,
  });

  it.each(pairs)('in a move from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      (admission) => prepared(pair, admission),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
      how(from, to),
    ),
  );

  it.each(pairs)('in a rollback from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      (admission) => moved(pair, admission),
      ({ migrator }) => migrator.rollback('app', { approve: yes }),
      how(from, to),
    ),
  );

  it.each(pairs)('in undoing a rollback from %s to %s', (from, to, pair) =>
    anythingFails(
      pair,
      async (admission) => {
        const world = await moved(pair, admission);
        await rollback(world);
        return begin(world);
      },
      rollback,
      how(from, to),
    ),
  );

  it.each(downs)('in a command that finds the app down: %s', async (_down, newWorld, run) => {
    const [, , pair] = pairs[0] as (typeof pairs)[number];
    expect((await newWorld(pair, hasAdmission)).runsOn).toEqual([]);
    await anythingFails(pair, (admission) => newWorld(pair, admission), run, { isAt, every: 3, hasAdmission });
  });
});
