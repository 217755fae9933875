import { isDeepStrictEqual } from 'node:util';
import type { AppContext } from '../app-context';
import { mendedLock } from '../journal/lock-from-journal';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { settleLock } from '../settle/settle';

/** Records each volume's seal in the lock file, so that the app's pods start on no other volume. */
export async function writeSeals(context: AppContext): Promise<void> {
  const { project, app, model } = context;
  await settleLock({ project, app, model, journal: await context.journal() });
}

/** Plans, of which those that are done are resumed where the lock file lacks their seals: a run was cut off before it wrote them. */
export async function withMissingSeals(
  context: AppContext,
  plans: readonly RemarkedPlan[],
): Promise<readonly RemarkedPlan[]> {
  const { lock, app, model } = context;
  if (isDeepStrictEqual(mendedLock(lock, app, model, await context.journal()), lock)) return plans;
  return plans.map((one) => (one.planned.done === undefined ? one : { ...one, goesOn: true }));
}
