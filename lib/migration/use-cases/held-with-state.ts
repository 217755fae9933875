import { codeOf } from '../../core/error-codes';
import type { Lease } from '../../kubernetes/lease';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { canBeTold, hasState, nextText, STATE_SECONDS, sameKind, saysState, stateOf } from '../cutover/app-state';
import { requireOwner } from './owner-of';

/**
 * Does work while no other process can work on the app. If any part of it fails, the app's state is read then and added to the error, unless
 * no change is under way. If another process has taken the lease, the error says what that process does.
 */
export async function heldWithState<Done>(
  free: AppContext,
  work: (held: AppContext, lease: Lease) => Promise<Done>,
): Promise<Done> {
  try {
    return await free.whileHeld(work);
  } catch (error) {
    if (error instanceof LeaseLost) error.message += `. ${await stateAfterLoss(free)}`;
    if (!canBeTold(error) || hasState(error) || codeOf(error) === 'journal-lost') throw error;
    const state = await stateNow(free);
    throw state === undefined ? error : saysState(sameKind(error, `${error.message}. ${state}`));
  }
}

async function stateNow(context: AppContext): Promise<string | undefined> {
  const { app } = context;
  try {
    const journal = await untilAsked(() => context.journal(), { patienceSeconds: STATE_SECONDS });
    const { cutover } = journal;
    if (!cutover) return undefined;
    const owner = await untilAsked(() => requireOwner(context), { patienceSeconds: STATE_SECONDS });
    const volumes = await context.movesOf(cutover, journal);
    return `${await stateOf({ owner }, volumes)}. ${nextText(app, journal, volumes)}`;
  } catch (error) {
    return `Whether ${app} runs could not be read from the cluster: ${(error as Error).message}`;
  }
}

/** What journal and cluster say of an app that another process works on by now, for a message. It never fails. */
async function stateAfterLoss(context: AppContext): Promise<string> {
  const { app } = context;
  const next = `"lunward status ${app}" says what the other process does with it`;
  try {
    const journal = await context.journal();
    const { cutover } = journal;
    const recorded = cutover
      ? `The journal has a change of its volumes at phase ${cutover.phase} since ${cutover.at}`
      : 'The journal has no change of its volumes under way';
    const moves = cutover ? await context.movesOf(cutover, journal) : [];
    return `${recorded}. ${await stateOf({ owner: await requireOwner(context) }, moves)}. ${next}`;
  } catch (error) {
    return `What state it is in could not be read: ${(error as Error).message}. ${next}`;
  }
}
