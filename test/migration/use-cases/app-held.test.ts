import { describe, expect, it, vi } from 'vitest';
import { clock } from '../../../lib/core/clock';
import { useFastClock } from '../clock';
import { type World, yes } from '../world/world';
import { killedAfter, pairs, prepared } from './cases';

useFastClock();

/** Another process holds the app from now on, and renews its lease while it is waited for. */
function heldByOther(world: World): void {
  let renewals = 0;
  const renew = () => {
    renewals += 1;
    const lease = world.cluster.find<{ spec: object }>('Lease', 'lunward-app', 'media');
    world.cluster.apply({ ...lease, spec: { ...lease?.spec, holderIdentity: 'other', renewTime: `${renewals}` } });
  };
  renew();
  vi.mocked(clock.sleep).mockImplementation(async () => renew());
}

describe.each(pairs)('an app that another process moves, from %s to %s,', (_, _to, pair) => {
  it.each<[string, (world: World) => Promise<unknown>]>([
    ['migrate', ({ migrator }) => migrator.migrate('app', { approve: yes })],
    ['rollback', ({ migrator }) => migrator.rollback('app', { approve: yes })],
    ['retire', ({ migrator }) => migrator.retire('app', { approve: yes })],
    ['verify', ({ migrator }) => migrator.verify('app')],
  ])('is left to it by %s, which gives no advice on what that process is about to do', async (_name, run) => {
    const world = await killedAfter(
      (change) => change === 'patch Deployment app',
      await prepared(pair),
      ({ migrator }) => migrator.migrate('app', { approve: yes }),
    );
    while (world.runsOn.length > 0);
    expect(world.journal.cutover?.phase).toBe('stopping');
    heldByOther(world);
    await expect(run(world)).rejects.toThrow(
      /^other is at work at this app \(lease media\/lunward-app\): wait for its end$/,
    );
  });
});
