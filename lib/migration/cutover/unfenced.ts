import { codeOf } from '../../core/error-codes';
import { UserError } from '../../core/problems';
import { canFence } from '../../kubernetes/fence';
import { untilAsked } from '../../kubernetes/until-asked';
import type { Cutover } from '../journal/cutover';
import { saysState, stateOf } from './app-state';
import type { CutoverContext } from './cutover-context';
import { undoRemark } from './remark';
import { assertAllUnchanged } from './stop-phase';
import type { VolumeMove } from './volume-move';

/**
 * Before a resumed run starts an app on new volumes that are live already: on a cluster without a fence, old manifests may have started it on
 * its old volumes since these were copied, and an interrupted rollback may have changed the markers of the new ones. Nothing may use
 * the volumes. Where the cluster has fences, it does nothing.
 *
 * @throws UserError if the old volumes were written to: only the operator knows which data the app must keep
 */
export async function checkUnfenced(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  { phase }: Pick<Cutover, 'phase'>,
): Promise<void> {
  if (await untilAsked(() => canFence(site.client), site)) return;
  await assertNothingWritten(site, volumes);
  if (phase === 'rolling-back') await untilAsked(() => undoRemark(site, volumes), site);
}

async function assertNothingWritten(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  try {
    await assertAllUnchanged(site, volumes);
  } catch (error) {
    if (!(error instanceof UserError) || codeOf(error) !== 'source-changed') throw error;
    const { app } = site;
    const why = `${error.message}. The cluster could not refuse that. ${app} was not started on its new volumes, which lack it`;
    const next = `"lunward rollback ${app}" starts it on its old volumes, and keeps what is on the new ones`;
    throw saysState(UserError.from(error, `${why}. ${await stateOf(site, volumes)}. ${next}`));
  }
}
