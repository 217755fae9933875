import { describe, expect, it } from 'vitest';
import { LeaseLost } from '../../../lib/kubernetes/lease-lost';
import type { AppContext } from '../../../lib/migration/app-context';
import { withState } from '../../../lib/migration/cutover/app-state';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { Interrupted, toItsEnd } from '../../../lib/migration/cutover/interrupted';
import { rollBack } from '../../../lib/migration/cutover/roll-back';
import type { MigrationEvent } from '../../../lib/migration/events';
import type { Journal } from '../../../lib/migration/journal/journal';
import { openCutover } from '../../../lib/migration/use-cases/open-cutover';
import type { Owner } from '../../../lib/owners/owner';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';
import { cutover, failure, move } from '../moves';
import { interruptedAtLook } from '../signals';

useFastClock();

function interruptedAt(site: CutoverContext, place: number) {
  const { signal, looks } = interruptedAtLook(place);
  return { site: { ...site, signal }, looks };
}

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'an operator who interrupts, from %s to %s,',
  (_, _to, pair) => {
    it.each(['rollback', 'stop'] as const)(
      'a move interrupted at any place leaves no app down: on unhealthy %s',
      async (reaction) => {
        for (let place = 1, isOver = false; !isOver; place++) {
          const world = new ModelWorld(pair);
          const { site, looks } = interruptedAt(await world.site(), place);
          const error = await failure(cutOver(site, [world.volume], { onUnhealthy: reaction }));
          isOver = looks() < place;
          const wasAsked =
            reaction === 'stop' && (error as { code?: string } | undefined)?.code === 'stopped-on-target';
          expect([world.replicas, world.overlaps], `place ${place}: ${error?.message}`).toEqual([wasAsked ? 0 : 1, []]);
          expect(place < 500).toBe(true);
        }
      },
    );

    it('a rollback interrupted at any place leaves no app down', async () => {
      for (let place = 1, isOver = false; !isOver; place++) {
        const world = new ModelWorld(pair);
        await move(world);
        const { site, looks } = interruptedAt(await world.site(), place);
        const error = await failure(rollBack(site, [world.volume], cutover));
        isOver = looks() < place;
        expect([world.replicas, world.overlaps], `place ${place}: ${error?.message}`).toEqual([1, []]);
        expect(place < 500).toBe(true);
      }
    });

    it('an automatic rollback that is interrupted leaves no app down', async () => {
      for (let place = 1, isOver = false; !isOver; place++) {
        const world = new ModelWorld(pair);
        world.fault = { finalDeclines: true };
        const { site, looks } = interruptedAt(await world.site(), place);
        const error = await failure(cutOver(site, [world.volume], { onUnhealthy: 'rollback' }));
        isOver = looks() < place;
        expect([world.replicas, world.claim], `place ${place}: ${error?.message}`).toEqual([1, 'config']);
      }
    });
  },
);

describe('a copy that was rolled back from', () => {
  const latest = async (world: ModelWorld) => (await world.site()).journal.latest('config-2');

  it('is recorded as never live if the app was not started on it', async () => {
    const world = new ModelWorld();
    const site = await world.site();
    const controller = new AbortController();
    const report = ({ type }: MigrationEvent) =>
      type === 'sealed' && controller.abort(new Interrupted('it was interrupted'));
    const { signal } = controller;
    await failure(cutOver({ ...site, signal, report }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(await latest(world)).toMatchObject({ state: 'rolled-back', neverLive: true });
  });

  it('is recorded as live if the app ran on it, also when it is sealed again', async () => {
    const world = new ModelWorld();
    await move(world);
    await rollBack(await world.site(), [world.volume], cutover);
    expect(await latest(world)).not.toHaveProperty('neverLive');
    await move(world);
    expect(await latest(world)).toMatchObject({ state: 'sealed', attempt: 2 });
    expect(await latest(world)).not.toHaveProperty('neverLive');
  });
});

it('writes nothing for the next app after the interruption', async () => {
  const world = new ModelWorld();
  const { site } = interruptedAt(await world.site(), 1);
  await expect(cutOver(site, [world.volume], { onUnhealthy: 'rollback' })).rejects.toBeInstanceOf(Interrupted);
  expect(world.events).toEqual([]);
});

describe('the work on an app', () => {
  const deployment = { metadata: { name: 'app', namespace: 'media' } };
  const opened = async (lease: AbortSignal, operator?: AbortSignal) => {
    const world = await new ModelWorld().site();
    const context = {
      ...world,
      client: { read: async () => deployment, list: async () => [] },
      project: { file: 'cluster.ts' },
      owners: { kubectl: () => ({}) },
    };
    return openCutover(untyped<AppContext>(context), world.journal, { signal: lease }, operator);
  };
  const lost = new LeaseLost('the lease was lost');

  it('is stopped by Ctrl-C at every check, except work that must finish', async () => {
    const operator = new AbortController();
    const site = await opened(new AbortController().signal, operator.signal);
    site.signal.throwIfAborted();
    operator.abort();
    for (const _ of [1, 2]) expect(() => site.signal.throwIfAborted()).toThrow(Interrupted);
    toItsEnd(site).signal.throwIfAborted();
  });

  it.each([
    ['before it begins', true],
    ['while it is done', false],
  ])('is always stopped by a lease that is lost %s', async (_, isBefore) => {
    const lease = new AbortController();
    if (isBefore) lease.abort(lost);
    const site = await opened(lease.signal, isBefore ? AbortSignal.abort() : undefined);
    lease.abort(lost);
    for (const one of [site, toItsEnd(site)]) expect(() => one.signal.throwIfAborted()).toThrow(lost);
  });

  it('reports only the app’s own state, even if one signal stops the work on several', async () => {
    const operator = AbortSignal.abort(new Interrupted('it was interrupted'));
    const messages = [];
    for (const _ of [1, 2]) {
      const { signal } = await opened(new AbortController().signal, operator);
      const owner = untyped<Owner>({ workload: async () => ({ replicas: 1, ready: 1, claims: {} }) });
      const site = { app: 'app', owner, journal: untyped<Journal>({ cutover: { phase: 'returning' }, live: {} }) };
      for (const __ of [1, 2]) {
        messages.push((await failure(withState(site, [], async () => signal.throwIfAborted())))?.message);
      }
    }
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toContain('it was interrupted. It runs');
  });
});
