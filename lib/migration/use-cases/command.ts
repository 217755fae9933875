import type { Lease } from '../../kubernetes/lease';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { STATE_SECONDS } from '../cutover/app-state';
import { settle } from '../settle/settle';
import { endsWithState } from './ends-with-state';

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
  return endsWithState(free, () =>
    free.whileHeld(async (held, lease) => {
      const { lock } = await settleAround(held);
      const done = await work(lock === 'changed' ? await held.again() : held, lease).catch(async (error: unknown) => {
        // The first error says more than a lease that is lost meanwhile.
        await settleAround(held).catch(() => {});
        throw error;
      });
      const { reason } = await settleAround(held);
      if (reason !== undefined) held.report({ type: 'notSettled', reason });
      return done;
    }),
  );
}

/** A failure here ends no work: it makes nothing worse, and the next command tries again. */
async function settleAround(
  context: AppContext,
): Promise<{ readonly lock?: 'changed' | 'unchanged'; readonly reason?: string }> {
  const { app, client, model, project } = context;
  try {
    const lock = await untilAsked(
      async () => {
        const journal = await context.recordedJournal();
        return settle({ app, client, model, project, journal, report: (event) => context.report(event) });
      },
      { patienceSeconds: STATE_SECONDS },
    );
    return { lock };
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return { reason: (error as Error).message };
  }
}
