import { expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { useFastClock } from '../clock';
import type { World } from '../world/world';
import { yes } from '../world/world';
import { pairs, prepared } from './cases';

useFastClock();

const stopThere = (world: World) => {
  world.kubelet.unwellOn = ['config-2'];
  return world.migrator.migrate('app', { approve: yes, onUnhealthy: 'stop' }).catch((error: unknown) => error);
};

it.each(pairs)(
  'old manifests never start an app on its source that is being stopped on its target, from %s to %s',
  async (_from, _to, pair) => {
    const clean = await prepared(pair);
    await stopThere(clean);
    expect(clean.journal.cutover?.phase).toBe('stopped-on-target');
    const phases = new Set<string | undefined>();
    for (let changes = 1; changes <= clean.changes.length; changes++) {
      const world = await prepared(pair);
      const old = world.cluster.find<LiveObject>('Deployment', 'app', 'media') as LiveObject;
      world.process.killIn(changes);
      await stopThere(world);
      world.process.revive();
      if (world.journal.live?.['/config'] !== 'config-2') continue;
      phases.add(world.journal.cutover?.phase);
      try {
        world.cluster.apply(structuredClone(old));
      } catch (error) {
        expect(error).toBeInstanceOf(RefusedByServer);
      }
      expect(world.runsOn, `after ${changes} changes, in phase ${world.journal.cutover?.phase}`).not.toContain(
        'config',
      );
    }
    expect([...phases]).toEqual(['switched', 'stopped-on-target']);
  },
);
