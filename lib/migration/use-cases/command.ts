import { categoryOf } from '../../core/error-category';
import type { Lease } from '../../kubernetes/lease';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { STATE_SECONDS, sameKind } from '../cutover/app-state';
import type { Journal } from '../journal/journal';
import { type Settling, settle } from '../settle/settle';
import { heldWithState } from './held-with-state';

/** What settling has changed before and after the work of a command. */
type Settled = Set<'fence' | 'lock'>;

/**
 * Does the work of a command that changes something, while no other process can work on the app. Before the work and after it, however it
 * ends, fence and lock file are made to match the journal. If the work fails, the app's state is read then and added to the error. If the
 * work is refused, the error also says what was made to match: nothing else was changed.
 *
 * @param work gets the app as described, with the lock file as it is then
 */
export function command<Done>(
  free: AppContext,
  work: (context: AppContext, lease: Lease) => Promise<Done>,
): Promise<Done> {
  return heldWithState(free, async (held, lease) => {
    const changed: Settled = new Set();
    await unsettled(() => settleNow(held, changed));
    const begin = async () => work(changed.has('lock') ? await held.again() : held, lease);
    const done = await begin().catch(async (error: unknown) => {
      // The first error says more than a lease that is lost meanwhile.
      await settledOrTold(held, () => settleNow(held, changed)).catch(() => {});
      throw saysChanged(error, held.app, changed);
    });
    await settledOrTold(held, () => settleNow(held, changed));
    return done;
  });
}

/** What settling works with. @param context of `heldWithState` */
export function settlingOf(context: AppContext, journal: Journal): Settling {
  const { app, client, model, project } = context;
  return { app, client, model, project, journal, report: (event) => context.report(event) };
}

async function settleNow(context: AppContext, changed: Settled): Promise<void> {
  await settle(settlingOf(context, await context.recordedJournal()), (what) => changed.add(what));
}

/** Reports why something could not be settled. That ends no work: it makes nothing worse, and the next command tries again. */
export async function settledOrTold(context: AppContext, settleIt: () => Promise<unknown>): Promise<void> {
  const reason = await unsettled(settleIt);
  if (reason !== undefined) context.report({ type: 'notSettled', reason });
}

/** @returns why something does not match the journal. Default: everything matches */
async function unsettled(settleIt: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await untilAsked(settleIt, { patienceSeconds: STATE_SECONDS });
    return undefined;
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    return (error as Error).message;
  }
}

/** Refusals say that nothing was changed. Other errors say what state everything is in. */
function saysChanged(error: unknown, app: string, changed: Settled): unknown {
  const category = categoryOf(error);
  if (!(error instanceof Error) || changed.size === 0 || (category !== 'refused' && category !== 'usage')) return error;
  const names = [
    ...(changed.has('fence') ? [`the fence of ${app}`] : []),
    ...(changed.has('lock') ? ['lunward.lock.json'] : []),
  ];
  return sameKind(
    error,
    `${error.message}. Before that, Lunward changed only this: it made ${names.join(' and ')} match the journal`,
  );
}
