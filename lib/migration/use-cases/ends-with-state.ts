import { codeOf } from '../../core/error-codes';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { canBeTold, hasState, nextText, STATE_SECONDS, sameKind, saysState, stateOf } from '../cutover/app-state';
import { requireOwner } from './owner-of';

/**
 * A command that may find an app down, or leave it so: whatever ends it, in whichever of its parts, the state that the app is in is read
 * then, and said. Nothing is added where no change is under way.
 */
export async function endsWithState<Done>(context: AppContext, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    if (!canBeTold(error) || hasState(error) || codeOf(error) === 'journal-lost') throw error;
    const state = await stateNow(context);
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
