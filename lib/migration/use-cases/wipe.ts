import type { AppContext } from '../app-context';
import type { AttemptFacts } from '../plan/attempt-facts';
import { planWipe, volumesToWipe } from '../plan/plan-wipe';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { type ApprovalOptions, execute } from './execute';

/** Zeroes the LUNs on which attempts that were given up have left something; never one that is sealed. */
export function wipe(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  return execute(context, { ...options, plan: planWipes });
}

async function planWipes(context: AppContext): Promise<RemarkedPlan[]> {
  const observed = await context.observe();
  const volumes: AttemptFacts[] = [];
  for (const target of context.requireTargets()) volumes.push(await context.targetFacts(target, observed));
  return volumesToWipe(volumes).map((facts) => ({ planned: planWipe(facts), remarks: [] }));
}
