import { LeaseLost } from '../../kubernetes/lease-lost';
import type { AppContext } from '../app-context';
import { stateOf } from '../cutover/app-state';
import { requireOwner } from './owner-of';

/**
 * Does work at an app.
 *
 * @throws LeaseLost with the state that the app is in, once another process is at work at it
 */
export async function withStateAfterLoss<Done>(
  context: AppContext,
  work: (context: AppContext) => Promise<Done>,
): Promise<Done> {
  try {
    return await work(context);
  } catch (error) {
    if (error instanceof LeaseLost) error.message += `. ${await stateAfterLoss(context)}`;
    throw error;
  }
}

/** What journal and cluster say of an app at which another process is at work by now, for a message. It never fails. */
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
