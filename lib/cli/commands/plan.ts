import type { RemarkedPlan } from '../../migration/plan/remarked-plan';
import { plan as planOf } from '../../migration/use-cases/plan';
import { type AppProblem, eachApp, isProblem } from '../each-app';
import { exitCodes } from '../exit-codes';
import { openMigrator } from '../open-migrator';
import { printResult } from '../result';
import { planText } from '../views/plan-text';

/**
 * Prints what would be done to apps' volumes.
 *
 * @param apps Default: all of the description.
 * @returns the exit code; of several apps, the highest
 */
export async function plan(
  apps: readonly string[],
  options: { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const contexts = await (await openMigrator(options.file)).contexts(apps);
  const seen = await eachApp(contexts, (context) => context.journal(), planOf);
  const all = seen.flatMap((one, index) =>
    (isProblem(one) ? [notPlanned(one)] : one).map((volume) => ({ app: contexts[index]?.app ?? '', ...volume })),
  );
  printResult('plan', options, all.map(withScriptHashes), () =>
    [...all.map(planText), 'Nothing was changed.'].join('\n\n'),
  );
  return Math.max(0, ...seen.map((one) => (isProblem(one) ? exitCodes[one.category].code : refusedCode(one))));
}

function refusedCode(plans: readonly RemarkedPlan[]): number {
  return plans.some(({ planned }) => planned.refusals) ? exitCodes.refused.code : 0;
}

function notPlanned({ app, problem }: AppProblem): RemarkedPlan {
  return {
    planned: { refusals: [{ code: 'not-planned', subject: `App "${app}"`, found: `can't be planned: ${problem}` }] },
    remarks: [],
  };
}

function withScriptHashes(volume: RemarkedPlan): unknown {
  const { planned } = volume;
  if (!planned.plan) return volume;
  const steps = planned.plan.steps.map(({ name, node, text, script }) => ({ name, node, text, script: script.hash }));
  return { ...volume, planned: { ...planned, plan: { ...planned.plan, steps } } };
}
