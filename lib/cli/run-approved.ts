import { UserError } from '../core/problems';
import type { RemarkedPlan } from '../migration/plan/remarked-plan';
import { type ApprovalOptions, assertApproved, NotApproved, PlanRefused } from '../migration/use-cases/execute';
import { type OutputOptions, printProgress } from './result';
import { approve, type Typed } from './terminal/approval';
import { abortable } from './terminal/interruption';
import { planText } from './views/plan-text';

/** What a command asks the operator for. */
export interface ApprovalRequest extends OutputOptions {
  /** As the operator types it, for an approval that is missing. */
  readonly command: string;
  /** Digests that were approved beforehand. */
  readonly approved: readonly string[];
  /** What the operator types to approve. @default 'yes' */
  readonly typed?: Typed;
}

/** Runs a use case of one app: prints its plans and has them approved, while the app is held. */
export function runApproved<Result>(
  { command, approved, typed, json }: ApprovalRequest,
  run: (options: ApprovalOptions) => Promise<Result>,
): Promise<Result> {
  return abortable((signal) =>
    run({
      signal,
      onPlan: (plans) => printPlans(plans, json),
      approve: (digests) => approve(digests, approved, command, typed, signal),
    }),
  );
}

/**
 * Prints the plans of several apps and has all of them approved at once.
 *
 * @returns the digests that are approved
 */
export async function approveAll(
  { command, approved, typed, json }: ApprovalRequest,
  plans: readonly RemarkedPlan[],
): Promise<string[]> {
  printPlans(plans, json);
  const agreed: string[] = [];
  await assertApproved(plans, async (digests) => {
    await approve(digests, approved, command, typed);
    agreed.push(...digests);
  });
  return agreed;
}

/** What is done now may differ from what was approved before: the operator sees it. */
export function withChangedPlans(error: unknown): unknown {
  if (!(error instanceof NotApproved || error instanceof PlanRefused)) return error;
  return new UserError(
    `The plan differs from the one that was approved:\n${error.plans.map(planText).join('\n\n')}\nNothing was changed`,
    { cause: error, category: 'refused', code: error.code, advice: error.advice },
  );
}

function printPlans(plans: readonly RemarkedPlan[], json: boolean | undefined): void {
  printProgress({ json }, `${plans.map(planText).join('\n\n')}\n`);
}
