import { canFence } from '../../kubernetes/fence';
import { isPersistent, type PersistentVolume } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { unfencedText } from '../settle/fence-from-journal';
import type { Plan } from './plan';
import type { RemarkedPlan } from './remarked-plan';

/**
 * Plans; each move says so where the cluster can't refuse pods, and names the claims that nothing protects then. Nothing is changed.
 *
 * @throws UserError where the cluster can't be asked
 */
export async function withFenceRemarks(
  { client, model }: Pick<AppContext, 'client' | 'model'>,
  planned: readonly RemarkedPlan[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some(isMove) || (await canFence(client))) return planned;
  return planned.map((one) => {
    if (!isMove(one)) return one;
    const { mountPath, volume } = one.planned.plan;
    const generations = model.mounts
      .filter((mount) => mount.mountPath === mountPath)
      .flatMap((mount) => mount.generations.filter(isPersistent));
    const isTarget = (one: PersistentVolume) => one.kind !== 'existingClaim' && persistentVolumeName(one) === volume;
    const left = generations.filter((generation) => !isTarget(generation)).map(({ name }) => name);
    const remark = `${unfencedText(left)}; directly before the switch the source is compared with its copy once more`;
    return { ...one, remarks: [...one.remarks, remark] };
  });
}

/** Only after a move anything is done once the steps of the plan are. */
function isMove(one: RemarkedPlan): one is RemarkedPlan & { readonly planned: { readonly plan: Plan } } {
  return one.planned.plan?.later !== undefined;
}
