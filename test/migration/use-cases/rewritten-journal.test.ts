import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { lun, share } from '../../helpers';
import { useFastClock } from '../clock';
import { lunKey } from '../world/kinds';
import type { World } from '../world/world';
import { yes } from '../world/world';
import { begin, killedAfter, moved, type Pair, pairs, prepared } from './cases';
import { deleteJournal, recover } from './lost';

useFastClock();

const [folder, disk] = [share('config'), lun('config-2')];
const { policy } = fenceRefs({ app: 'app', namespace: 'media' });
const statusOf = async ({ migrator }: World) => (await migrator.status('app')).next ?? '';

describe('no journal is written again', () => {
  const refused = async (world: World, reason: string) => {
    const next = await statusOf(await deleteJournal(world));
    expect(next).toContain(reason);
    expect(next).not.toContain('kubectl create');
  };

  it('if lock file and manifests are from an old checkout, and the app may have run on its target', async () => {
    const world = await killedAfter(
      (change) => change === 'write Deployment app',
      await prepared([folder, disk]),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
    );
    world.lock = emptyLock;
    world.apply();
    await refused(world, 'claim config-2 is in the cluster');
  });

  it('if the app runs on a volume that the fence refuses, from an old checkout', async () => {
    const world = await moved([folder, disk]);
    const fence = world.cluster.find(policy.kind, policy.metadata.name);
    await world.cluster.client.delete(policy);
    world.lock = { ...world.lock, live: { app: { '/config': 'config' } } };
    world.apply();
    world.cluster.apply(fence as object);
    expect(world.runsOn).toEqual(['config']);
    await refused(world, 'the fence refuses pods with claim config');
  });

  it('if the lock file has an older seal than the running app, whose next pod the guard would refuse', async () => {
    const world = await moved([folder, disk]);
    const { lock } = world;
    await world.migrator.rollback('app', { approve: yes });
    await world.migrator.rollback('app', { approve: yes });
    const current = world.lock;
    expect(current.sealed).not.toEqual(lock.sealed);
    world.lock = lock;
    await refused(world, 'accepts config-2 sealed as attempt 2, but lunward.lock.json has it sealed as attempt 1');
    world.lock = current;
    recover(world, await statusOf(world));
    expect(await world.migrator.migrate('app', { approve: yes })).toEqual({ result: 'unchanged' });
    expect(world.runsOn).toEqual(['config-2']);
  });
});

describe.each(pairs)('after a rollback from %s to %s whose journal was lost and written again', (_from, to, pair) => {
  it('the old copy is neither filled, adopted, wiped nor started again, and a further generation gets all rows', async () => {
    const [source, target] = pair;
    const world = await moved(pair);
    await world.migrator.rollback('app', { approve: yes });
    recover(world, await statusOf(await deleteJournal(world)));
    const before = structuredClone(world.place(target));
    const { migrator } = world;
    const yesTo = { approve: yes };
    await expect(migrator.seal('app', yesTo)).rejects.toThrow();
    await expect(migrator.migrate('app', yesTo)).rejects.toMatchObject({
      code: 'plan-refused',
      advice: [{ code: to === 'iscsi' ? 'already-sealed' : 'target-not-empty' }],
    });
    await migrator.abort('app', yesTo);
    await expect(migrator.wipe('app', yesTo)).rejects.toThrow();
    expect(world.place(target)).toEqual(before);
    expect(world.runsOn).toEqual([source.name]);
    const further = to === 'iscsi' ? lun('config-3') : share('config-3');
    world.storage.add(further);
    world.generations = [...pair, further];
    const rows = world.rows(source);
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual(['config-3']);
    expect(world.rows(further)).toEqual(expect.arrayContaining(rows));
    expect(world.storage.violations).toEqual([]);
  });
});

describe('a move whose journal was lost and written again while the app was down', () => {
  const pair: Pair = [lun('config'), disk];
  const stopped = async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    recover(world, await statusOf(await deleteJournal(world)));
    return begin(world);
  };

  it('can only end on the source: migrate starts the app there, because no copy is recorded', async () => {
    const world = await stopped();
    await expect(world.migrator.migrate('app', { approve: yes })).rejects.toThrow(/knows of no copy/);
    expect(world.runsOn).toEqual(['config']);
    expect(world.journal.cutover).toBeUndefined();
  });

  it('does not start the app while a node still has its LUN mounted, for a copy that nothing names any more', async () => {
    const world = await stopped();
    const { kubelet } = world;
    const own = kubelet.mounts.bind(kubelet);
    const place = world.storage.at(lunKey(lun('config')));
    if (!place) throw new Error('there is no such LUN');
    const mount = { place, node: 'node-a', pod: '', podUid: '', persistentVolume: '', lun: lun('config') };
    kubelet.mounts = () => [...own(), mount];
    await expect(world.migrator.rollback('app', { approve: yes })).rejects.toThrow(/DOWN/);
    expect(world.runsOn).toEqual([]);
    kubelet.mounts = own;
    await world.migrator.rollback('app', { approve: yes });
    expect(world.runsOn).toEqual(['config']);
  });
});
