import { describe, expect, it } from 'vitest';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { useFastClock } from '../clock';
import type { Fault } from '../world/changes';
import { type World, yes } from '../world/world';
import { moved, type Pair, pairs, prepared } from './cases';

useFastClock();

const isWrite = (name: string) => /^(write|create|patch|delete) /.test(name);

/** What may become of something that is asked. */
function faultsOf(name: string): Fault[] {
  if (name.startsWith('write ')) return ['request lost', 'answer lost', 'conflict', 'refused'];
  return isWrite(name) ? ['request lost', 'answer lost', 'refused'] : ['request lost'];
}

/** A run in which something goes wrong: at one place, at it and the next, or at all of the same name from there on. */
const schedules = {
  once: (place: number) => (at: number) => at === place,
  twice: (place: number) => (at: number) => at === place || at === place + 1,
  'for the rest of the run': (place: number, name: string) => (at: number, asked: string) => at >= place && asked === name,
} as const;

/** The pod that old manifests would make, on the claim of a generation. */
const podOn = (world: World, claim: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'by-hand', namespace: 'media' },
  spec: { ...world.model.props.pod, containers: [], volumes: [{ name: 'a', persistentVolumeClaim: { claimName: claim } }] },
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
  if (claim === target.name && latest?.scan) {
    expect(world.rows(target), subject).toEqual(expect.arrayContaining(world.rows(source)));
  }
  const [on] = world.runsOn;
  if (on === undefined) {
    expect(error?.message, `${subject}: it is down, and that is said`).toMatch(
      /It is DOWN|is DOWN, with no replicas|could not be read from the cluster|It was stopped/,
    );
  } else expect(on, `${subject}: it runs on what is live`).toBe(claim);
  const left = cutover || live['/config'] ? [source, target].filter(({ name }) => name !== claim) : [];
  for (const { name } of left.filter((one) => one.name !== cutover?.volumes[0]?.to || cutover.phase !== 'stop')) {
    if (name === target.name && !live['/config']) continue;
    expect(() => world.cluster.admit(podOn(world, name)), `${subject}: ${name} is fenced`).toThrow(RefusedByServer);
  }
}

const failureOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error as Error);

async function anythingFails(
  pair: Pair,
  newWorld: () => Promise<World>,
  run: (world: World) => Promise<unknown>,
  [schedule, isAt]: [string, (typeof schedules)[keyof typeof schedules]],
): Promise<void> {
  const clean = await newWorld();
  clean.process.asked.length = 0;
  await run(clean);
  const names = [...clean.process.asked];
  const seen = new Set<string>();
  const found: string[] = [];
  for (const [place, name] of names.entries()) {
    for (const fault of faultsOf(name)) {
      if (schedule === 'for the rest of the run' && seen.has(`${fault} ${name}`)) continue;
      seen.add(`${fault} ${name}`);
      const subject = `${schedule}, ${fault} at ${place}: ${name}`;
      const world = await newWorld();
      world.process.asked.length = 0;
      const isNow = isAt(place, name);
      world.process.faultAt = (at, asked) => (isNow(at, asked) ? fault : undefined);
      const error = await failureOf(run(world));
      world.process.revive();
      try {
        assertSafe(world, pair, error, subject);
        const { live, cutover } = world.journal;
        const isMoved = !cutover && live?.['/config'] === pair[1].name;
        const again = isMoved
          ? undefined
          : await failureOf(world.migrator.migrate('app', { approve: yes }));
        if (again && !/finished now, and app runs on its old volumes/.test(again.message)) throw new Error(`${subject}: then ${again.message}`);
        assertSafe(world, pair, again, `${subject}, then migrate`);
        expect(world.runsOn.length, `${subject}, then migrate`).toBe(1);
      } catch (problem) {
        found.push(`${(problem as Error).message.split('\n').slice(0,6).join(' ')}   [error: ${error?.message.slice(0, 700)}]`);
      }
    }
  }
  expect(found).toEqual([]);
}

describe.each(Object.entries(schedules))('something that is asked fails %s', (schedule, isAt) => {
  it.each(pairs)('in a move from %s to %s', (_from, _to, pair) =>
    anythingFails(
      pair,
      () => prepared(pair),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
      [schedule, isAt],
    ), 600_000);

  it.each(pairs)('in a rollback from %s to %s', (_from, _to, pair) =>
    anythingFails(
      pair,
      () => moved(pair),
      ({ migrator }) => migrator.rollback('app', { approve: yes }),
      [schedule, isAt],
    ), 600_000);
});
