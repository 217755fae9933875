import { expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { rollBack } from '../../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { failure, move, volumes } from '../moves';

useFastClock();

/** A world whose journal somebody has edited. */
async function edited(phase: Cutover['phase'], live: string | undefined): Promise<ModelWorld> {
  const world = new ModelWorld();
  await move(world);
  const key = 'ConfigMap/lunward-app';
  const object = untyped<LiveObject & { data: { journal: string } }>(world.objects.get(key));
  const { live: _, ...content } = JSON.parse(object.data.journal);
  const cutover = { phase, at: '2026-01-01T00:00:00Z', replicas: 1, volumes };
  const journal = { ...content, cutover, ...(live && { live: { '/config': live } }) };
  world.objects.set(key, untyped({ ...object, data: { journal: JSON.stringify(journal) } }));
  return world;
}

it.each<[Cutover['phase'], string | undefined]>([
  ['rolling-back', undefined],
  ['rolling-back', 'config'],
  ['switched', undefined],
  ['switched', 'config'],
  ['stopped-on-target', 'config'],
  ['stopping', 'config-2'],
  ['returning', 'config-2'],
])('nothing is stopped or started by a journal of phase %s that calls %s live', async (phase, live) => {
  const roll = async (world: ModelWorld) => {
    const site = await world.site();
    return rollBack(site, [world.volume], site.journal.cutover as Cutover);
  };
  for (const run of [move, roll]) {
    const world = await edited(phase, live);
    const before = world.state;
    const error = await failure(run(world));
    expect(error).toMatchObject({ category: 'refused', code: 'journal-unusable' });
    expect(error?.message).toContain('contradicts itself');
    expect(world.events).toEqual([]);
    expect(world.state).toEqual(before);
  }
});
