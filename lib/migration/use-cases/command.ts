import type { Lease } from '../../kubernetes/lease';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { STATE_SECONDS } from '../cutover/app-state';
import type { Journal } from '../journal/journal';
import { type Settling, settle } from '../settle/settle';
import { heldWithState } from './held-with-state';

/**
 * Does the work of a command that changes something, while no other process can work on the app. Before the work and after it, however it
 * ends, fence and lock file are made to match the journal. If the work fails, the app's state is read then and added to the error.
 *
 * @param work gets the app as described, with the lock file as it is then
 */
export function command<Done>(
  free: AppContext,
  work: (context: AppContext, lease: Lease) => Promise<Done>,
): Promise<Done> {
  return heldWithState(free, async (held, lease) => {
    const { done: lock } = await tried(() => settleNow(held));
    const done = await work(lock === 'changed' ? await held.again() : held, lease).catch(async (error: unknown) => {
      // The first error says more than a lease that is lost meanwhile.
      await settledOrTold(held, () => settleNow(held)).catch(() => {});
      throw error;
    });
    await settledOrTold(held, () => settleNow(held));
    return done;
  });
}

/** What settling works with. @param context of `whileHeld` */
export function settlingOf(context: AppContext, journal: Journal): Settling {
  const { app, client, model, project } = context;
  return { app, client, model, project, journal, report: (event) => context.report(event) };
}

/** Reports that something could not be settled: that ends no work. */
export async function settledOrTold(context: AppContext, settleIt: () => Promise<unknown>): Promise<void> {
  const { reason } = await tried(settleIt);
  if (reason !== undefined) context.report({ type: 'notSettled', reason });
}

async function settleNow(context: AppContext): Promise<'changed' | 'unchanged'> {
  return settle(settlingOf(context, await context.recordedJournal()));
}

/** A failure here ends no work: it makes nothing worse, and the next command tries again. @returns the result, or why it failed */
async function tried<Done>(settleIt: () => Promise<Done>): Promise<{ readonly done?: Done; readonly reason?: string }> {
  try {
    return { done: await untilAsked(settleIt, { patienceSeconds: STATE_SECONDS }) };
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return { reason: (error as Error).message };
  }
}
