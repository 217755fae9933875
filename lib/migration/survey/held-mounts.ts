import type { Advice } from '../../core/advice';
import { pollUntil } from '../../core/poll-until';
import { podsUsing, readMountObjects } from '../../kubernetes/volume-users';
import { describeStorage } from '../../storage/registry';
import { usedVolume } from '../../storage/used-volume';
import type { CutoverContext } from '../cutover/cutover-context';
import type { VolumeMove } from '../cutover/volume-move';
import { usesOn } from './storage-users';

/** How long what was mounted for the copy may take to be gone. */
const SECONDS = 15;

type Asked = Pick<CutoverContext, 'client' | 'nodes' | 'model'>;

/**
 * Mounts of old volumes on nodes where no pod uses them: the stop of an app does not end these, and it would be down until they
 * had been waited for in vain. Of a node where a pod does, that can't be told.
 */
export async function heldMounts(site: Asked, volumes: readonly Pick<VolumeMove, 'source'>[]): Promise<Advice[]> {
  return pollUntil(
    () => mountsNow(site, volumes),
    (refusals) => refusals.length === 0,
    { seconds: SECONDS },
  );
}

async function mountsNow(
  { client, nodes, model }: Asked,
  volumes: readonly Pick<VolumeMove, 'source'>[],
): Promise<Advice[]> {
  const objects = await readMountObjects(client);
  const found = volumes.map(async ({ source }): Promise<Advice[]> => {
    const pods = podsUsing(usedVolume(source, model.namespace), objects);
    const others = nodes.filter(({ name }) => !pods.some(({ spec }) => spec?.nodeName === name));
    const uses = (await Promise.all(others.map((node) => usesOn(node, [source])))).flat();
    if (uses.length === 0) return [];
    return [
      {
        code: 'source-in-use',
        subject: describeStorage(source),
        found: `would be in use still once the app is stopped: ${uses.join('; ')}`,
        remedy: 'unmount it there, or end what holds it',
      },
    ];
  });
  return (await Promise.all(found)).flat();
}
