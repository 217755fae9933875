import { planText, type RemarkedPlan } from './plan-text';
import { withStopRefusals } from './stop-refusals';
import { Workplace } from './workplace';

/** Prints what would be done to apps' volumes; returns 1 where something is refused. */
export async function plan(
  apps: readonly string[],
  options: { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const all: RemarkedPlan[] = [];
  for (const app of apps) {
    const workplace = await Workplace.of(options.file, app);
    all.push(...(await withStopRefusals(workplace, await workplace.plan())));
  }
  const refused = all.some(({ planned }) => planned.refusals);
  if (options.json) {
    console.log(JSON.stringify(all.map(withoutSecrets), undefined, 2));
  } else {
    console.log([...all.map(planText), 'Nothing was changed.'].join('\n\n'));
  }
  return refused ? 1 : 0;
}

// A script's text may hold passwords.
function withoutSecrets(volume: RemarkedPlan): unknown {
  const { planned } = volume;
  if (!planned.plan) return volume;
  const steps = planned.plan.steps.map(({ name, node, text, script }) => ({ name, node, text, script: script.hash }));
  return { ...volume, planned: { ...planned, plan: { ...planned.plan, steps } } };
}
