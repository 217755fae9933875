import { describe, expect, it } from 'vitest';
import { cutOver } from '../../lib/migration/cutover/cut-over';
import { rollBack } from '../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../lib/migration/journal/cutover';
import { cutOverRefusals } from '../../lib/migration/plan/cut-over-refusals';
import { expectAdvice, type Told } from '../expect-advice';
import { untyped } from '../helpers';
import { useFastClock } from './clock';
import { ModelWorld, pairs } from './model-world';

useFastClock();

const move = async (world: ModelWorld) => cutOver(await world.site(), [world.volume], { onUnhealthy: 'rollback' });

async function goBack(world: ModelWorld, more: object = {}): Promise<void> {
  const site = await world.site();
  const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
  const last: Cutover = { phase: 'rolling-back', at: '', replicas: world.replicas, volumes };
  await rollBack({ ...site, ...more }, [world.volume], site.journal.cutover ?? last);
}

const refusals = async (world: ModelWorld) => {
  const { client, model, nodes } = await world.site();
  return cutOverRefusals(client, model, [world.volume], nodes);
};

const named = pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const);

describe.each(named)('a move from %s to %s', (_, _to, pair) => {
  it.each<[string, ModelWorld['fault'], Told]>([
    ['the old claim was deleted', { deletedClaims: ['config'] }, ['terminating', 'PersistentVolumeClaim media/config']],
    [
      'its node has something else mounted',
      { mounted: '192.0.2.200:/old' },
      ['mounted-elsewhere', expect.stringMatching(/^Pod media\/app-/), '192.0.2.200:/old', 'node-b'],
    ],
  ])('is refused, before and by the run itself, and changes nothing: %s', async (_, fault, expected) => {
    const world = new ModelWorld(pair);
    const before = world.state;
    world.fault = fault;
    expectAdvice(await refusals(world), [expected]);
    await expect(move(world)).rejects.toMatchObject({ code: 'plan-refused' });
    expect(world.events).toEqual([]);
    expect(world.state).toEqual(before);
  });

  it('is refused while the new claim is Terminating, by the run too', async () => {
    const world = new ModelWorld(pair);
    await move(world);
    await goBack(world);
    const before = world.state;
    // Something else has it mounted: else it would be gone.
    world.fault = { deletedClaims: ['config-2'], heldClaims: ['config-2'] };
    await expect(move(world)).rejects.toMatchObject({
      code: 'plan-refused',
      message: expect.stringContaining('media/config-2'),
    });
    expect(world.state).toEqual(before);
  });

  it('that has stopped the app is completed, although the old claim disappeared with its last pod', async () => {
    const world = new ModelWorld(pair);
    await cutOver(await world.site(), [world.volume], { until: 'stop', onUnhealthy: 'rollback' });
    world.fault = { deletedClaims: ['config'] };
    await move(world);
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config-2', cutover: undefined });
  });
});

describe.each(named)('a rollback to %s from %s', (_, _from, pair) => {
  const moved = async () => {
    const world = new ModelWorld(pair);
    await move(world);
    return world;
  };

  it.each<[string, ModelWorld['fault'], RegExp]>([
    [
      'is gone, and its volume Released',
      { deletedClaims: ['config'] },
      /config is not in the cluster, and PersistentVolume config is Released/,
    ],
    [
      'is Terminating',
      { deletedClaims: ['config'], heldClaims: ['config'] },
      /PersistentVolumeClaim media\/config is Terminating/,
    ],
    ['is Lost', { phases: { config: 'Lost' } }, /PersistentVolumeClaim media\/config is Lost, expected Bound/],
    ['is Pending', { phases: { config: 'Pending' } }, /PersistentVolumeClaim media\/config is Pending, expected Bound/],
  ])('stops nothing where the old claim %s', async (_, fault, reason) => {
    const world = await moved();
    const before = world.state;
    world.fault = fault;
    await expect(goBack(world)).rejects.toMatchObject({
      code: 'no-way-back',
      message: expect.stringMatching(reason),
    });
    expect(world.events).toEqual([]);
    expect(world.state).toEqual(before);
  });

  it('is done if the claim is gone and its PersistentVolume waits for it', async () => {
    const world = await moved();
    world.fault = { deletedClaims: ['config'], released: 'Available' };
    // A claim that is made again is bound.
    const { owner } = await world.site();
    const switchClaim = async () => {
      world.fault = {};
      await owner.switchClaim();
    };
    await goBack(world, { owner: { ...owner, switchClaim } });
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config', cutover: undefined });
  });

  it('is then refused for an app of Pulumi, which relies on its state', async () => {
    const world = await moved();
    world.fault = { deletedClaims: ['config'], released: 'Available' };
    const { owner } = await world.site();
    await expect(goBack(world, { owner: { ...owner, needsPulumi: true } })).rejects.toMatchObject({
      code: 'no-way-back',
      message: expect.stringContaining('pulumi up --refresh'),
    });
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config-2' });
  });

  it('says that the app is down only if it is', async () => {
    const world = new ModelWorld(pair);
    await cutOver(await world.site(), [world.volume], { until: 'stop', onUnhealthy: 'rollback' });
    world.fault = { deletedClaims: ['config'] };
    await expect(goBack(world)).rejects.toMatchObject({
      code: 'no-way-back',
      message: expect.stringContaining('DOWN'),
    });
    expect(world.state).toMatchObject({ replicas: 0, cutover: { phase: 'stopping' } });
  });

  it('that would be automatic leaves an unhealthy app as it is, if it can’t return to its old volume', async () => {
    const world = new ModelWorld(pair);
    world.fault = untyped({
      isUnwell: true,
      get deletedClaims() {
        return world.claim === 'config-2' ? ['config'] : [];
      },
    });
    await expect(move(world)).rejects.toMatchObject({ code: 'no-way-back' });
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config-2', cutover: { phase: 'switched' } });
    world.fault = {};
    await goBack(world);
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config', cutover: undefined });
  });
});

it('a move is refused in a namespace that is being deleted', async () => {
  const world = new ModelWorld();
  world.objects.set(
    'Namespace/media',
    untyped({ kind: 'Namespace', metadata: { name: 'media', deletionTimestamp: new Date() } }),
  );
  expectAdvice(await refusals(world), [['terminating', 'Namespace media']]);
  await move(world);
  await expect(goBack(world)).rejects.toMatchObject({
    code: 'no-way-back',
    message: expect.stringContaining('Namespace media'),
  });
});
