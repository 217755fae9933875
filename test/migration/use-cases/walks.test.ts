import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { categoryOf } from '../../../lib/core/error-category';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { type Fault, Killed } from '../world/changes';
import { World, yes } from '../world/world';
import { pairs } from './cases';

useFastClock();

/** Walks of each pair; a walk that fails is told by its seed. */
const WALKS = 8;
const STEPS = 12;

/** The same numbers for the same seed: from 0 on, below `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What an operator may do, or what may happen to the project meanwhile. */
const steps: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  prepare: ({ migrator }) => migrator.prepare('app', { approve: yes }),
  migrate: ({ migrator }) => migrator.migrate('app', { approve: yes }),
  'migrate --until stop': ({ migrator }) => migrator.migrate('app', { approve: yes, until: 'stop' }),
  'migrate, unhealthy': (world) => unwell(world, () => world.migrator.migrate('app', { approve: yes })),
  'migrate --on-unhealthy stop': (world) =>
    unwell(world, () => world.migrator.migrate('app', { approve: yes, onUnhealthy: 'stop' })),
  rollback: ({ migrator }) => migrator.rollback('app', { approve: yes }),
  'rollback again': ({ migrator }) => migrator.rollback('app', { approve: yes }),
  abort: ({ migrator }) => migrator.abort('app', { approve: yes }),
  wipe: ({ migrator }) => migrator.wipe('app', { approve: yes }),
  retire: ({ migrator }) => migrator.retire('app', { approve: yes }),
  verify: ({ migrator }) => migrator.verify('app'),
  'a lost lock file': async (world) => {
    world.lock = emptyLock;
  },
  'status --write-lock': ({ migrator }) => migrator.status('app', { writeLock: true }),
  'a further generation': async (world) => {
    const name = `config-${world.generations.length + 1}`;
    const volume = world.generations.length % 2 === 0 ? lun(name) : share(name);
    world.storage.add(volume);
    world.generations = [...world.generations, volume];
  },
};

const all = Object.entries(steps);

async function unwell(world: World, run: () => Promise<unknown>): Promise<unknown> {
  world.kubelet.unwellOn = world.generations.slice(1).map(({ name }) => name);
  return run().finally(() => {
    world.kubelet.unwellOn = [];
  });
}

const isOfNode = (name: string) => / on node-/.test(name);
const isWrite = (name: string) => /^(write|create|patch|delete) /.test(name);
const faults: readonly Fault[] = ['request lost', 'answer lost', 'conflict', 'refused'];

/** The process is killed, or what it asks for fails, or neither. @returns what, in words */
function disturb(world: World, random: (below: number) => number): string {
  const kind = random(3);
  if (kind === 0) return 'undisturbed';
  if (kind === 1) {
    const changes = 1 + random(14);
    world.process.killIn(changes);
    return `killed after ${changes} changes`;
  }
  const [fault, from, ofNodes] = [faults[random(4)] as Fault, random(110), random(3) === 0];
  const to = from + ([1, 2, 1000][random(3)] as number);
  const isPossible = (asked: string) =>
    fault === 'conflict' ? asked.startsWith('write ') : fault !== 'refused' || isWrite(asked);
  world.process.asked.length = 0;
  world.process.faultAt = (at, asked) =>
    at >= from && at < to && isOfNode(asked) === ofNodes && isPossible(asked) ? fault : undefined;
  return `${fault} from ${from} to ${to}${ofNodes ? ', of nodes' : ''}`;
}

describe.each(pairs)('from %s to %s', (from, to, pair) => {
  it.each(Array.from({ length: WALKS }, (_, seed) => [seed]))('walk %d loses nothing and leads on', async (seed) => {
    const random = numbers(seed * 7919 + pair[1].name.length + from.length * 31 + to.length);
    const world = World.running(pair);
    world.cluster.hasAdmission = random(4) > 0;
    const said: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      const [name, run] = all[random(all.length)] as (typeof all)[number];
      said.push(`${name}, ${disturb(world, random)}`);
      const error = await run(world).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      world.process.revive();
      const walk = `${said.join('\n')}: ${error?.stack}`;
      // A transition that a table lacks is a fault of Lunward.
      if (!(error instanceof Killed)) expect(error && categoryOf(error), walk).not.toBe('internal');
      expect(world.storage.violations, walk).toEqual([]);
      for (const { place, row } of world.storage.acknowledged) {
        expect((place.files['library.db'] ?? '').split('\n'), walk).toContain(row);
      }
      const mayBeDown = error instanceof Killed || world.journal.cutover !== undefined;
      if (!mayBeDown) expect(world.runsOn, walk).toHaveLength(1);
    }
    if (world.journal.cutover) await world.migrator.rollback('app', { approve: yes });
    expect([world.runsOn.length, world.journal.cutover], said.join('\n')).toEqual([1, undefined]);
  });
});
