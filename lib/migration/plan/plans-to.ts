import { UserError } from '../../core/problems';
import type { MediaAppModel } from '../../workload/model';
import type { WantedVolume } from './wanted-volumes';

/**
 * The plans of an app that a command of this kind shows and carries out: those of its own kind. Where a move has nothing left to
 * move, what is said of the other mounts, but no plan to format one: moving would format it, then stop the app for nothing.
 *
 * @param planned for all volumes of the app
 * @throws UserError where there is none
 */
export function plansTo<Plan extends Pick<WantedVolume, 'action'>>(
  action: 'format' | 'move',
  planned: readonly Plan[],
  { app, model }: { readonly app: string; readonly model: Pick<MediaAppModel, 'mounts'> },
): Plan[] {
  const volumes = planned.filter((volume) => volume.action === action);
  if (volumes.length > 0) return volumes;
  if (action === 'move' && model.mounts.some(({ generations }) => generations.length > 1)) {
    return planned.filter((volume) => volume.action !== 'format');
  }
  const kind = action === 'format' ? 'iSCSI volume without a predecessor' : 'volume with a generation to move to';
  throw new UserError(`App "${app}" has no ${kind}: "lunward plan ${app}" says what is to be done`, {
    category: 'refused',
    code: 'nothing-to-do',
  });
}
