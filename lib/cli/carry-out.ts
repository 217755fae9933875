import { withLease } from '../kubernetes/lease';
import { Journal } from '../migration/journal';
import type { Step } from '../migration/plan';
import { runPlan, type StepNews } from '../migration/run-plan';
import { UserError } from '../spec/problems';
import { approve, type Typed } from './approval';
import { planText, type RemarkedPlan } from './plan-text';
import { progressText } from './progress-text';
import { Workplace } from './workplace';

/** What is carried out, and by whose word. */
export interface Order {
  readonly file: string;
  readonly apps: readonly string[];
  /** Plans for an app; anew before it is carried out. */
  readonly plan: (workplace: Workplace) => Promise<readonly RemarkedPlan[]>;
  /** As a person types it, for an approval that is missing. */
  readonly command: string;
  /** Digests that were approved beforehand. */
  readonly approved: readonly string[];
  /** What a person who is asked types to approve. @default 'yes' */
  readonly typed?: Typed;
}

/**
 * Shows the plans for apps, has them approved, and carries them out, app by app. It stops at the first that fails.
 *
 * @returns the apps for which something was done
 * @throws UserError when something is refused, not approved, or fails
 */
export async function carryOut({ file, apps, plan, command, approved, typed }: Order): Promise<string[]> {
  const workplaces: Workplace[] = [];
  const shown: RemarkedPlan[] = [];
  for (const app of apps) {
    const workplace = await Workplace.of(file, app);
    workplaces.push(workplace);
    shown.push(...(await plan(workplace)));
  }
  console.log(`${shown.map(planText).join('\n\n')}\n`);
  if (shown.some(({ planned }) => planned.refusals)) throw new UserError('Refused; nothing was changed');
  const digests = shown.flatMap(({ planned }) => (planned.plan ? [planned.digest] : []));
  if (digests.length === 0) return [];
  await approve(digests, approved, command, typed);
  const done: string[] = [];
  for (const workplace of workplaces) {
    if (await work(workplace, plan, digests)) done.push(workplace.app);
  }
  return done;
}

async function work(workplace: Workplace, plan: Order['plan'], digests: readonly string[]): Promise<boolean> {
  const { client, namespace, nodes, app } = workplace;
  let isDone = false;
  await withLease(client, { namespace, name: Journal.nameFor(app) }, async (stillHeld) => {
    // Somebody may have changed something while the plan was read.
    for (const volume of await plan(workplace)) {
      const { planned } = volume;
      if (planned.done) continue;
      if (!planned.plan || !digests.includes(planned.digest)) {
        throw new UserError(
          `What was approved is not what is there now:\n${planText(volume)}\nNothing was changed by it${isDone ? '; what stands above it was done' : ''}`,
        );
      }
      await runPlan(planned, await workplace.journal(), nodes, (step, news) => {
        stillHeld();
        console.log(newsText(step, news));
      });
      isDone = true;
    }
  });
  return isDone;
}

function newsText({ name, node }: Step, news: StepNews): string {
  if (news === 'begins') return `${name} on ${node} …`;
  if (typeof news === 'string') return `${name} on ${node}: ${news}`;
  return `${name} on ${node}: ${progressText(news)}`;
}
