import { UserError } from '../../core/problems';
import type { ReachedNode } from '../../nodes/runner';
import type { Report } from '../../scripts/report';
import { mustEnd } from '../cutover/interrupted';
import type { StepNews } from '../events';
import type { Journal } from '../journal/journal';
import type { Plan, Step } from './plan';

/**
 * Carries out a plan, step by step. The journal has each step before it starts, and its result afterwards, so the next run, on any
 * machine, continues from there.
 *
 * @param tell is called before, during and after each step
 * @throws UserError at the first step that declines or fails, with the state that everything is in
 */
export async function runPlan(
  { plan, digest }: { readonly plan: Plan; readonly digest: string },
  journal: Journal,
  nodes: readonly ReachedNode[],
  tell: (step: Step, news: StepNews) => void,
): Promise<void> {
  const { volume, attempt, identity, sourceIdentity, begins, steps, goneWriter } = plan;
  const entry = {
    attempt: attempt.attempt,
    uuid: attempt.uuid,
    target: identity,
    digest,
    ...(sourceIdentity && { source: sourceIdentity }),
    ...(goneWriter && { writerGone: true }),
  };
  const writer = (step: Step) => goneWriter ?? step.node;
  if (begins) await journal.append(volume, { ...entry, state: begins, node: steps[0]?.node ?? '' });
  for (const step of steps) {
    tell(step, 'begins');
    const remedy = journal.latest(volume)?.state === 'prepared' ? perhapsSealed(plan.app) : AGAIN;
    const result = await runStep(step, plan, nodes, { tell, remedy });
    if (result === 'sealed') {
      tell(step, 'unchanged');
      const node = writer(steps.at(-1) ?? step);
      return journal.append(volume, { ...entry, state: 'rolled-back', neverLive: true, node });
    }
    tell(step, result);
    if (step.reaches) await journal.append(volume, { ...entry, state: step.reaches, node: writer(step) });
  }
}

const AGAIN = 'Once that is fixed, run the same command again: it resumes here';

/** What leads on from a copy that the journal does not know to be sealed: the app may have run on its old volume since. */
const perhapsSealed = (app: string) =>
  `If the copy was sealed by a run that was cut off: "lunward abort ${app}" gives it up, and a further generation gets the next copy`;

async function runStep(
  step: Step,
  plan: Plan,
  nodes: readonly ReachedNode[],
  { tell, remedy }: { readonly tell: (step: Step, news: StepNews) => void; readonly remedy: string },
): Promise<'changed' | 'unchanged' | 'sealed'> {
  const node = nodes.find(({ name }) => name === step.node);
  if (!node)
    throw new UserError(`Step ${step.name} is for node ${step.node}, which the description names no more`, {
      category: 'usage',
      code: 'no-such-node',
    });
  const told = `Step "${step.name}" of PersistentVolume ${plan.volume} on ${step.node}`;
  let report: Report<unknown>;
  try {
    report = await (step.unit ? runUnit(step, step.unit, node, tell) : node.runner.run(step.script));
  } catch (error) {
    if (!(error instanceof UserError) || mustEnd(error)) throw error;
    throw UserError.from(error, `${told} failed: ${error.message}. ${plan.whenItFails}. ${AGAIN}`);
  }
  if (report.result !== 'declined') return report.result;
  if (step.givesUpSealed && report.code === 'other-marker') return 'sealed';
  const next = report.code === 'other-marker' ? (step.whenOtherMarker ?? remedy) : AGAIN;
  throw new UserError(`${told} declined: ${report.reason}. ${plan.whenItFails}. ${next}`, { code: 'step-declined' });
}

async function runUnit(
  step: Step,
  name: string,
  { runner }: ReachedNode,
  tell: (step: Step, news: StepNews) => void,
): Promise<Report<unknown>> {
  const unit = runner.unit(name, step.script);
  await unit.start();
  return unit.reattach({ onProgress: (progress) => tell(step, progress) });
}
