import { describe, expect, it } from 'vitest';
import { emptyLock } from '../../../lib/cluster/lock';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { NotApproved } from '../../../lib/migration/use-cases/execute';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { begin, moved, pairs, prepared } from './cases';

useFastClock();

const refs = fenceRefs({ app: 'app', namespace: 'media' });
const fenceOf = ({ cluster }: World) =>
  [refs.policy, refs.binding].map(({ kind, metadata }) => cluster.find<{ spec: object }>(kind, metadata.name)?.spec);

/** Deletes the fence, as someone may do with kubectl. */
async function deleteFence(world: World): Promise<void> {
  await world.cluster.client.delete(refs.binding);
  await world.cluster.client.delete(refs.policy);
  begin(world);
}

const [, , pair] = pairs[0] as (typeof pairs)[number];
const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });

/** Commands that have nothing to do for a moved app, or are refused. */
const commands: readonly [string, (world: World) => Promise<unknown>][] = [
  ['migrate, which has nothing to do,', migrate],
  ['abort, which has nothing to do,', ({ migrator }) => migrator.abort('app', { approve: yes })],
  ['rollback, which is not approved,', ({ migrator }) => migrator.rollback('app', { approve: [] })],
  ['retire, which is not approved,', ({ migrator }) => migrator.retire('app', { approve: [] })],
  ['restart, which is not approved,', ({ migrator }) => migrator.restart('app', { approve: [] })],
  ['resize, which is refused,', ({ migrator }) => migrator.resize('app', '1Mi')],
];

describe.each(commands)('%s', (_, run) => {
  it('writes nothing if everything matches the journal', async () => {
    const world = await moved(pair);
    await run(world).catch(() => {});
    expect(world.changes).toEqual([]);
    expect(world.told).not.toContain('notSettled');
  });

  it('restores a fence that someone deleted', async () => {
    const world = await moved(pair);
    const fence = fenceOf(world);
    await deleteFence(world);
    await run(world).catch(() => {});
    expect(fenceOf(world)).toEqual(fence);
    expect(world.changes).toHaveLength(2);
  });

  it('restores a fence that someone edited', async () => {
    const world = await moved(pair);
    const fence = fenceOf(world);
    const policy = world.cluster.find<{ spec: object }>(refs.policy.kind, refs.policy.metadata.name);
    world.cluster.apply({ ...policy, spec: { ...policy?.spec, matchConstraints: { resourceRules: [] } } });
    await run(world).catch(() => {});
    expect(fenceOf(world)).toEqual(fence);
  });

  it('writes a lost lock file again, and uses it', async () => {
    const world = await moved(pair);
    const { lock } = world;
    world.lock = emptyLock;
    await run(world).catch(() => {});
    expect(world.lock).toEqual(lock);
    expect(world.runsOn).toEqual(['config-2']);
  });
});

describe('a command that is refused', () => {
  const refused = ({ migrator }: World) => migrator.rollback('app', { approve: [] });

  it.each<[string, (world: World) => Promise<void>, string]>([
    ['the fence', deleteFence, 'Before that, Lunward changed only this: it made the fence of app match the journal'],
    [
      'the lock file',
      async (world) => {
        world.lock = emptyLock;
      },
      'Before that, Lunward changed only this: it made lunward.lock.json match the journal',
    ],
    [
      'both',
      async (world) => {
        await deleteFence(world);
        world.lock = emptyLock;
      },
      'it made the fence of app and lunward.lock.json match the journal',
    ],
  ])('says that it has made %s match the journal', async (_, lose, said) => {
    const world = await moved(pair);
    await lose(world);
    await expect(refused(world)).rejects.toMatchObject({
      code: 'approval-outdated',
      message: expect.stringMatching(new RegExp(`Nothing was changed[.] .*${said}$`)),
    });
  });

  it('says only that nothing was changed if everything matched', async () => {
    const world = await moved(pair);
    await expect(refused(world)).rejects.toThrow(/Nothing was changed$/);
    expect(world.changes).toEqual([]);
  });
});

describe('a command', () => {
  it('does not move an app again because the lock file was lost', async () => {
    const world = await moved(pair);
    world.lock = emptyLock;
    expect(await migrate(world)).toEqual({ result: 'unchanged' });
    expect(world.changes).toEqual(['write lunward.lock.json']);
  });

  it('removes a fence that has nothing left to refuse', async () => {
    const world = await prepared(pair);
    world.cluster.apply({
      ...refs.policy,
      spec: { validations: [{ expression: 'true', message: '' }], matchConstraints: { resourceRules: [] } },
    });
    await expect(world.migrator.migrate('app', { approve: [] })).rejects.toThrow(NotApproved);
    expect(fenceOf(world)).toEqual([undefined, undefined]);
  });

  it('changes nothing if the journal contradicts itself', async () => {
    const world = await moved(pair);
    const { cluster } = world;
    const journal = {
      ...world.journal,
      cutover: {
        phase: 'returning',
        at: '',
        replicas: 1,
        volumes: [{ mountPath: '/config', from: 'config', to: 'config-2' }],
      },
    };
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lunward-app', namespace: 'media' },
      ...{ data: { journal: JSON.stringify(journal) } },
    });
    const { snapshot } = world;
    await expect(world.migrator.rollback('app', { approve: yes })).rejects.toMatchObject({ code: 'journal-unusable' });
    expect(world.snapshot).toEqual(snapshot);
  });

  it('does its work although the fence can not be read, and reports that it was not checked', async () => {
    const world = await moved(pair);
    world.process.faultAt = (_, asked) => (asked.startsWith('read ValidatingAdmission') ? 'refused' : undefined);
    expect(await migrate(world)).toEqual({ result: 'unchanged' });
    expect(world.told).toContain('notSettled');
  });
});
