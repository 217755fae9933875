import type { TargetFacts } from '../../migration/plan/plan';
import { planWipe, volumesToWipe } from '../../migration/plan/plan-wipe';
import { executePlans } from '../execute-plans';
import type { RemarkedPlan } from '../views/plan-text';
import type { Workplace } from '../workplace';

/** Zeroes the LUNs on which attempts that were given up have left something. */
export async function wipe(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const command = `lunward wipe ${app}`;
  const done = await executePlans({ file, apps: [app], plan: plans, command, approved: approve, typed: 'digests' });
  if (done.length > 0) console.log(`The LUN is blank: "lunward plan ${app}" says how it goes on.`);
}

async function plans(workplace: Workplace): Promise<RemarkedPlan[]> {
  const survey = await workplace.survey();
  const volumes: TargetFacts[] = [];
  for (const target of workplace.requireTargets()) volumes.push(await workplace.targetFacts(target, survey));
  return volumesToWipe(volumes).map((facts) => ({ planned: planWipe(facts), remarks: [] }));
}
