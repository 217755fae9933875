import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { SettingPatch } from '../../workload/facts';
import { patchedOf } from '../journal/entry';
import type { Journal } from '../journal/journal';
import type { WantedMove } from '../plan/wanted-volumes';

/**
 * What is to be changed in an app's settings by a move: what the catalog says on the way to a block device, and on the way back to a
 * share what that had changed, to what it said before. What was never changed stays.
 */
export function patchesOfMove(
  { source, target, patches }: WantedMove,
  journal: Pick<Journal, 'latest'>,
): readonly SettingPatch[] {
  if (movable(source).isShare || !movable(target).isShare) return patches;
  const changed = patchedOf(journal.latest(persistentVolumeName(source))) ?? [];
  return patches.flatMap((patch) => {
    const was = changed.find(({ path }) => path === patch.path)?.was;
    return was === undefined ? [] : [{ ...patch, from: [patch.to], to: was }];
  });
}
