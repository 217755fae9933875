import type { AppContext } from '../app-context';
import { plansTo } from '../plan/plans-to';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { fenceFindings, fenceState } from '../survey/fence-state';
import { planVolumes } from './plan-volumes';
import { withSourceRefusals, withStopRefusals } from './stop-refusals';

/** What would be done to an app's volumes, and what is in the way. Nothing is changed. */
export async function plan(context: AppContext): Promise<readonly RemarkedPlan[]> {
  const [first, ...others] = await withStopRefusals(context, await planVolumes(context));
  // A command that changes something restores the fence before it plans; this one only reports it.
  const findings = fenceFindings(context, await fenceState(context, await context.journal()));
  if (!first) return [];
  return [findings.length > 0 ? { ...first, findings } : first, ...others];
}

/**
 * The plans of a move.
 *
 * @param until `prepare`: what is in the way of stopping the app is left out
 */
export async function planMigration(context: AppContext, until?: 'prepare' | 'stop'): Promise<readonly RemarkedPlan[]> {
  const planned = plansTo('move', await planVolumes(context), context);
  return until === 'prepare' ? withSourceRefusals(context, planned) : withStopRefusals(context, planned);
}
