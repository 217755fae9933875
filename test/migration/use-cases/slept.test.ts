import { describe, expect, it } from 'vitest';
import { LeaseLost } from '../../../lib/kubernetes/lease-lost';
import { useFastClock } from '../clock';
import { World, yes } from '../world/world';
import { begin, moved, type Pair, pairs } from './cases';
import { everyUseCase, standing, type UseCase } from './every-use-case';

const clock = useFastClock();

const HOUR = 3600;

/** Lets the machine sleep after its n-th change from now, for an hour in which `meanwhile` happens. */
function sleepAfter(world: World, changes: number, meanwhile: () => void = () => {}): void {
  let left = changes;
  world.process.onChange = () => {
    left -= 1;
    if (left !== 0) return;
    clock.jump(HOUR);
    meanwhile();
  };
}

/** What another process does with the lease. @param holder none: it has given it back */
function setHolder(world: World, holder: string): void {
  const lease = world.cluster.find<{ spec: object }>('Lease', 'lunward-app', 'media');
  world.cluster.apply({ ...lease, spec: { ...lease?.spec, holderIdentity: holder, renewTime: `${Math.random()}` } });
}

/** All that a process can change, without what the app itself writes. */
const changeable = (world: World, { volumes }: UseCase) => ({
  changes: [...world.changes],
  cluster: world.cluster.snapshot,
  lock: world.lock,
  units: world.nodes.map(({ units }) => [...units.keys()]),
  places: volumes.map((volume) => {
    const { marker, fileSystem, capacity, bytes } = world.place(volume);
    return structuredClone({ marker, fileSystem, capacity, bytes });
  }),
});

describe.each(everyUseCase)('%s on a machine that sleeps after any change', (_, useCase) => {
  const { volumes, newWorld, run } = useCase;

  it('ends like an undisturbed one if no process has taken its lease', async () => {
    const undisturbed = await newWorld();
    await run(undisturbed);
    const expected = standing(undisturbed, volumes);
    for (const [index, change] of undisturbed.changes.entries()) {
      const world = await newWorld();
      sleepAfter(world, index + 1);
      await run(world);
      expect(standing(world, volumes), `slept after ${index + 1}: ${change}`).toEqual(expected);
    }
  });

  it('does nothing more if another process has or had its lease, and reports the state', async () => {
    const undisturbed = await newWorld();
    await run(undisturbed);
    for (const [index, change] of undisturbed.changes.entries()) {
      const place = `slept after ${index + 1}: ${change}`;
      const world = await newWorld();
      let atSleep: unknown;
      sleepAfter(world, index + 1, () => {
        for (const holder of index % 2 === 0 ? ['other'] : ['other', '']) setHolder(world, holder);
        atSleep = changeable(world, useCase);
      });
      const error = await run(world).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(changeable(world, useCase), place).toEqual(atSleep);
      // After the last change there may be nothing left to do.
      if (index === undisturbed.changes.length - 1 && !error) continue;
      expect(error, place).toBeInstanceOf(LeaseLost);
      expect((error as Error).message, place).toMatch(
        /was lost: .*Nothing more is done from here\. .*lunward status app/,
      );
    }
  });
});

describe.each(pairs)('from %s to %s,', (_from, _to, pair: Pair) => {
  it('a lease that is lost while the operator is asked causes no rollback', async () => {
    const world = await moved(pair);
    const approve = async () => {
      clock.jump(HOUR);
      setHolder(world, 'other');
    };
    await expect(world.migrator.rollback('app', { approve })).rejects.toThrow(LeaseLost);
    expect(world.changes).toEqual([]);
  });

  it('reports with a lost lease whether the app is down', async () => {
    const world = begin(World.running(pair));
    const isStop = (name: string) => name === 'patch Deployment app';
    world.process.onChange = (name) => {
      if (!isStop(name)) return;
      clock.jump(HOUR);
      setHolder(world, 'other');
    };
    const error = await world.migrator.migrate('app', { approve: yes }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(LeaseLost);
    expect((error as Error).message).toContain('It is DOWN: its Deployment asks for 0 replicas');
  });
});
