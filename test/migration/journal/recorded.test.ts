import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import { resumeRollback, rollBack } from '../../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { journaledTarget } from '../../../lib/migration/journal/journaled-target';
import { movable } from '../../../lib/storage/registry';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';
import { type Recorded, recorded } from '../recorded-worlds';

useFastClock();

function worldOf(name: string, { journal, fence, replicas, claim, sealed, marked, lock }: Recorded): ModelWorld {
  const kinds = name.split(' ')[0];
  const world = new ModelWorld(pairs.find(({ source, target }) => `${source.kind}-${target.kind}` === kinds));
  const put = (object: object) => {
    const { kind, metadata } = untyped<{ kind: string; metadata: { name: string } }>(object);
    world.objects.set(`${kind}/${metadata.name}`, untyped<LiveObject>(object));
  };
  const own = (policyName: string) => ({ name: policyName, resourceVersion: '1' });
  put({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...own('lunward-app'), namespace: 'media' },
    data: { journal: JSON.stringify(journal) },
  });
  if (fence) {
    const apiVersion = 'admissionregistration.k8s.io/v1';
    const metadata = own('lunward-media.app');
    const spec = { validations: [{ message: fence }] };
    put({ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec });
    put({ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata });
  }
  return Object.assign(world, structuredClone({ replicas, claim, sealed, marked, lock }));
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

describe.each(recorded)('a journal of version 1, %s', (name, one) => {
  it('is continued', async () => {
    const world = worldOf(name, one);
    await goForward(world);
    // A rollback that was cut off is finished first.
    expect(world.state).toMatchObject(one.journal.cutover?.phase === 'back' ? onOld : onNew);
  });

  it('is rolled back', async () => {
    const world = worldOf(name, one);
    await goBack(world);
    expect(world.state).toMatchObject(onOld);
  });

  it('is rolled back and continued again', async () => {
    const world = worldOf(name, one);
    await goBack(world);
    if (world.state.latest === 'prepared' || world.sealed) await goForward(world);
    expect(world.state).toMatchObject({ replicas: 1, cutover: undefined });
  });

  it('becomes version 2 with the first write, here by retire, and means the same', async () => {
    const world = worldOf(name, one);
    const { journal } = await world.site();
    const [said, cutover] = [journal.all(), journal.cutover];
    await journal.retire(['config-0']);
    const written = untyped<{ data: { journal: string } }>(world.objects.get('ConfigMap/lunward-app'));
    expect(JSON.parse(written.data.journal)).toMatchObject({ version: 2, retired: ['config-0'] });
    const { journal: again } = await world.site();
    expect([again.all(), again.cutover]).toEqual([said, cutover]);
  });

  it('gives scripts, including those of verify, the described place', async () => {
    const world = worldOf(name, one);
    const latest = (await world.site()).journal.latest('config-2') as JournalEntry;
    const { target } = journaledTarget(world.volume.target, latest);
    const fence = movable(world.volume.target).fence(world.volume.target);
    for (const [place] of Object.values(fence)) expect(target).toMatchObject(place as object);
  });
});
