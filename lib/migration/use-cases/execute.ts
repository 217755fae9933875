import { UserError } from '../../core/problems';
import type { Lease } from '../../kubernetes/lease';
import type { AppContext } from '../app-context';
import { Interrupted } from '../cutover/interrupted';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { runPlan } from '../plan/run-plan';
import type { RunOptions } from '../ports';
import { command } from './command';

/** A plan is refused: what is in the way is in its refusals. Nothing was changed. */
export class PlanRefused extends UserError {
  override readonly name: string = 'PlanRefused';

  constructor(readonly plans: readonly RemarkedPlan[]) {
    super('Refused; nothing was changed', {
      category: 'refused',
      code: 'plan-refused',
      advice: plans.flatMap(({ planned }) => planned.refusals ?? []),
    });
  }
}

/** What would be done is not what was approved. Nothing was changed. */
export class NotApproved extends UserError {
  override readonly name: string = 'NotApproved';

  constructor(
    readonly plans: readonly RemarkedPlan[],
    readonly digests: readonly string[],
  ) {
    super(`What was approved is not what would be done now (digest ${digests.join(', ')}). Nothing was changed`, {
      category: 'refused',
      code: 'approval-outdated',
    });
  }
}

/**
 * The operator's word: digests of plans that were shown before, or a function that asks for it and throws where it is not given.
 * What it is asked for is what will be done: no other process can work at the app meanwhile.
 */
export type Approval = readonly string[] | ((digests: readonly string[]) => Promise<void>);

export interface ApprovalOptions extends RunOptions {
  readonly approve: Approval;
  /** Receives the plans as they are now, before they are refused, approved, or found to be done. Default: nothing does. */
  readonly onPlan?: (plans: readonly RemarkedPlan[]) => void;
}

export interface Execution extends ApprovalOptions {
  readonly plan: (context: AppContext, lease: Lease) => Promise<readonly RemarkedPlan[]>;
  /** Runs once the plans are approved, before the first step: what is asked may take hours. Default: nothing. */
  readonly beforehand?: (context: AppContext, lease: Lease) => Promise<void>;
  /** Runs after the plans, before another process can work at the app. Default: nothing. */
  readonly afterwards?: (context: AppContext, lease: Lease) => Promise<void>;
}

/**
 * Plans for an app, has the plans approved, and carries them out, while no other process can work at the app.
 *
 * @returns `unchanged` where there was nothing to do
 * @throws PlanRefused, NotApproved with the plans; UserError where a step declines or fails, with the state that everything is in
 */
export async function execute(free: AppContext, execution: Execution): Promise<'changed' | 'unchanged'> {
  const { plan, onPlan, approve, signal, beforehand, afterwards } = execution;
  return command(free, async (context, lease) => {
    const plans = await plan(context, lease);
    onPlan?.(plans);
    await assertApproved(plans, approve, lease);
    const toRun = plans.flatMap(({ planned }) => (planned.plan ? [planned] : []));
    if (toRun.length > 0) await beforehand?.(context, lease);
    for (const planned of toRun) {
      await runPlan(planned, await context.journal(), context.nodes, (step, news) => {
        lease.signal.throwIfAborted();
        if (signal?.aborted) throw interrupted(step.unit !== undefined);
        // Without its script, whose text may hold passwords: events are printed and logged.
        context.report({ type: 'step', step: { name: step.name, node: step.node }, news });
      });
    }
    const isDone = toRun.length > 0 || plans.some(({ goesOn }) => goesOn);
    if (isDone) await afterwards?.(context, lease);
    return isDone ? 'changed' : 'unchanged';
  });
}

/** @throws PlanRefused, NotApproved; UserError if the lease was lost while the operator was asked */
export async function assertApproved(
  plans: readonly RemarkedPlan[],
  approve: Approval,
  lease?: Pick<Lease, 'assertHeld'>,
): Promise<void> {
  if (plans.some(({ planned }) => planned.refusals)) throw new PlanRefused(plans);
  const digests = plans.flatMap(({ planned }) => (planned.plan ? [planned.digest] : []));
  await assertDigests(digests, approve, { plans, lease });
}

/**
 * @param context.lease of the app, if it is held: that is proven again after the operator was asked
 * @throws NotApproved where one is not approved; UserError if the lease was lost while the operator was asked
 */
export async function assertDigests(
  digests: readonly string[],
  approve: Approval,
  { plans = [], lease }: { readonly plans?: readonly RemarkedPlan[]; readonly lease?: Pick<Lease, 'assertHeld'> } = {},
): Promise<void> {
  if (digests.length === 0) return;
  if (typeof approve === 'function') {
    await approve(digests);
    await lease?.assertHeld();
  } else if (!digests.every((digest) => approve.includes(digest))) throw new NotApproved(plans, digests);
}

function interrupted(isUnit: boolean): Interrupted {
  return new Interrupted(
    isUnit
      ? 'It was interrupted. The step continues on its node; the same command waits for it again'
      : 'It was interrupted. The same command resumes',
  );
}
