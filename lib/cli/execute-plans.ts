import { UserError } from '../core/problems';
import type { Step } from '../migration/plan/plan';
import { runPlan, type StepNews } from '../migration/plan/run-plan';
import { approve, type Typed } from './terminal/approval';
import { planText, type RemarkedPlan } from './views/plan-text';
import { progressText } from './views/progress-text';
import { Workplace } from './workplace';

/** What is carried out, and by whose word. */
export interface PlanRequest {
  readonly file: string;
  readonly apps: readonly string[];
  /** Plans for an app; anew before it is carried out. */
  readonly plan: (workplace: Workplace) => Promise<readonly RemarkedPlan[]>;
  /** As a person types it, for an approval that is missing. */
  readonly command: string;
  /** Digests that were approved beforehand. */
  readonly approved: readonly string[];
  /** What is done behind the plans of an app, before anybody else may work at it. Default: nothing. */
  readonly afterwards?: (workplace: Workplace, stillHeld: () => void) => Promise<void>;
  /** What a person who is asked types to approve. @default 'yes' */
  readonly typed?: Typed;
}

/**
 * Shows the plans for apps, has them approved, and carries them out, app by app. It stops at the first that fails.
 *
 * @returns the apps for which something was done
 * @throws UserError when something is refused, not approved, or fails
 */
export async function executePlans(order: PlanRequest): Promise<string[]> {
  const { file, apps, plan, approved } = order;
  const workplaces: Workplace[] = [];
  for (const app of apps) workplaces.push(await Workplace.of(file, app));
  const [sole, ...others] = workplaces;
  // An approval that is there needs no plan but the one that is carried out.
  if (sole && others.length === 0 && approved.length > 0) {
    return (await work(sole, order, (planned) => agree(planned, order))) ? [sole.app] : [];
  }
  const shown: RemarkedPlan[] = [];
  for (const workplace of workplaces) shown.push(...(await plan(workplace)));
  const digests = await agree(shown, order);
  const done: string[] = [];
  const isAnything = digests.length > 0 || shown.some(({ goesOn }) => goesOn);
  for (const workplace of isAnything ? workplaces : []) {
    if (await work(workplace, order, async (planned) => assertAgreed(planned, digests))) done.push(workplace.app);
  }
  return done;
}

/** Shows plans, and returns the digests of those that are approved. */
async function agree(shown: readonly RemarkedPlan[], { command, approved, typed }: PlanRequest): Promise<string[]> {
  console.log(`${shown.map(planText).join('\n\n')}\n`);
  if (shown.some(({ planned }) => planned.refusals)) throw new UserError('Refused; nothing was changed');
  const digests = shown.flatMap(({ planned }) => (planned.plan ? [planned.digest] : []));
  if (digests.length > 0) await approve(digests, approved, command, typed);
  return digests;
}

/** Somebody may have changed something while the plan was read. */
function assertAgreed(now: readonly RemarkedPlan[], digests: readonly string[]): void {
  const other = now.filter(({ planned }) => !planned.done && !(planned.plan && digests.includes(planned.digest)));
  if (other.length === 0) return;
  throw new UserError(
    `What was approved is not what is there now:\n${other.map(planText).join('\n\n')}\nNothing was changed by it`,
  );
}

/** @param check throws where a plan must not be carried out */
async function work(
  workplace: Workplace,
  { plan, afterwards }: PlanRequest,
  check: (planned: readonly RemarkedPlan[]) => Promise<unknown>,
): Promise<boolean> {
  return workplace.whileHeld(async (stillHeld) => {
    const volumes = await plan(workplace);
    await check(volumes);
    const toRun = volumes.flatMap(({ planned }) => (planned.plan ? [planned] : []));
    for (const planned of toRun) {
      await runPlan(planned, await workplace.journal(), workplace.nodes, (step, news) => {
        stillHeld();
        console.log(newsText(step, news));
      });
    }
    const isWorkedAt = toRun.length > 0 || volumes.some(({ goesOn }) => goesOn);
    if (isWorkedAt) await afterwards?.(workplace, stillHeld);
    return isWorkedAt;
  });
}

function newsText({ name, node }: Step, news: StepNews): string {
  if (news === 'begins') return `${name} on ${node} …`;
  if (typeof news === 'string') return `${name} on ${node}: ${news}`;
  return `${name} on ${node}: ${progressText(news)}`;
}
