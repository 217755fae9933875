import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import { resumeRollback, rollBack } from '../../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';

useFastClock();

type Recorded = Pick<ModelWorld, 'replicas' | 'claim' | 'sealed' | 'marked' | 'lock'> & {
  readonly objects: Readonly<Record<string, LiveObject>>;
};

/**
 * What a move left behind by the code of commit 22ab9d7, whose journals have version 2, at each effect of the move and of its rollback:
 * every object of the cluster, the app, the lock file and the marker.
 */
const recorded = Object.entries(
  JSON.parse(readFileSync(path.join(__dirname, '../../fixtures/worlds-of-journal-2.json'), 'utf8')) as Record<
    string,
    Recorded
  >,
);

function worldOf(name: string, { objects, ...rest }: Recorded): ModelWorld {
  const kinds = name.split(' ')[0];
  const world = new ModelWorld(pairs.find(({ source, target }) => `${source.kind}-${target.kind}` === kinds));
  world.objects.clear();
  for (const [key, object] of Object.entries(structuredClone(objects))) world.objects.set(key, object);
  return Object.assign(world, structuredClone(rest));
}

/** As the commands do it. */
async function goForward(world: ModelWorld): Promise<void> {
  const site = await world.site();
  const { cutover, live } = site.journal;
  if (cutover?.phase === 'returning') await resumeRollback(site, [world.volume]);
  else if (cutover || live['/config'] !== 'config-2') await cutOver(site, [world.volume], { onUnhealthy: 'rollback' });
}

async function goBack(world: ModelWorld): Promise<void> {
  const site = await world.site();
  const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
  const last: Cutover = { phase: 'rolling-back', at: '', replicas: world.replicas, volumes };
  const isMoved = site.journal.live['/config'] === 'config-2';
  const cutover = site.journal.cutover ?? (isMoved ? last : undefined);
  if (cutover) await rollBack(site, [world.volume], cutover);
}

const onNew = { replicas: 1, claim: 'config-2', cutover: undefined, live: { '/config': 'config-2' }, latest: 'sealed' };
const onOld = { replicas: 1, claim: 'config', cutover: undefined };

// A move whose rollback was recorded as finished may not be continued: its attempt is burnt.
const unfinished = recorded.filter(([, { objects }]) => !JSON.stringify(objects).includes('rolled-back\\"'));

describe.each(unfinished)('a journal of version 2, %s', (name, one) => {
  it('is continued', async () => {
    const world = worldOf(name, one);
    const wasReturning = (await world.site()).journal.cutover?.phase === 'returning';
    await goForward(world);
    expect(world.state).toMatchObject(wasReturning ? onOld : onNew);
  });
});

describe.each(recorded)('a journal of version 2, %s', (name, one) => {
  it('is rolled back', async () => {
    const world = worldOf(name, one);
    await goBack(world);
    expect(world.state).toMatchObject(onOld);
  });

  it('is written again as the same', async () => {
    const world = worldOf(name, one);
    const { journal } = await world.site();
    const before = [journal.all(), journal.cutover, journal.live];
    await journal.retire(['config-0']);
    const { journal: again } = await world.site();
    expect([again.all(), again.cutover, again.live]).toEqual(before);
  });
});
