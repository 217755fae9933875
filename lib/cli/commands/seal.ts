import { adoptable, planSeal, volumeLines } from '../../migration/plan/plan-seal';
import { runForFacts } from '../../migration/survey/run-script';
import { probeVolume } from '../../scripts/lun/probe-volume';
import { executePlans } from '../execute-plans';
import type { RemarkedPlan } from '../views/plan-text';
import type { Survey, TargetVolume, Workplace } from '../workplace';
import { writeSeals } from '../write-seals';

/** Adopts volumes that hold an app's data already: they are marked as whole, and nothing else is written to them. */
export async function seal(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const command = `lunward seal ${app}`;
  const done = await executePlans({
    file,
    apps: [app],
    plan: plans,
    command,
    approved: approve,
    afterwards: writeSeals,
  });
  if (done.length > 0) {
    console.log(
      `The volumes of ${app} are sealed as they are: nothing formats them or copies into them. Commit lunward.lock.json: by it ` +
        'its pods start on these alone.',
    );
  }
}

async function plans(workplace: Workplace): Promise<RemarkedPlan[]> {
  const survey = await workplace.survey();
  const planned: RemarkedPlan[] = [];
  for (const target of workplace.requireTargets()) planned.push(await planFor(workplace, target, survey));
  return planned;
}

async function planFor(workplace: Workplace, volume: TargetVolume, survey: Survey): Promise<RemarkedPlan> {
  const facts = await workplace.targetFacts(volume, survey);
  const can = adoptable(facts);
  const node = workplace.nodes.find(({ name }) => name === can?.disk.node);
  const seen = can && node && (await runForFacts(node, probeVolume(can.disk.lun, can.type, facts.chap)));
  const planned = planSeal({ ...facts, found: seen });
  return { planned, remarks: seen && typeof seen !== 'string' ? volumeLines(seen) : [] };
}
