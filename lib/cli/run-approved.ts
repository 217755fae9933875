import { UserError } from '../core/problems';
import type { RemarkedPlan } from '../migration/plan/remarked-plan';
import { type ApprovalOptions, assertApproved, NotApproved, PlanRefused } from '../migration/use-cases/execute';
import { openMigrator } from './open-migrator';
import { type OutputOptions, printProgress, printResult } from './result';
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

/** Options of a command that is approved by the digests of its plans. */
export interface ApprovedOptions extends OutputOptions {
  readonly file: string;
  /** Digests that were approved beforehand. */
  readonly approve?: readonly string[];
}

/**
 * Runs a command that works at one app, plans, and says whether it changed something.
 *
 * @param command its name, and that of its use case
 * @param done what is said once something was changed
 * @param typed what the operator types to approve. Default: as in `ApprovalRequest`
 */
export async function runCommand(
  command: 'abort' | 'format' | 'seal' | 'wipe',
  app: string,
  { file, approve: approved = [], json = false }: ApprovedOptions,
  done: string,
  typed?: Typed,
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const request = { command: `lunward ${command} ${app}`, approved, json, ...(typed && { typed }) };
  const result = await runApproved(request, (options) => migrator[command](app, options));
  printResult(command, { json }, { app, result }, () => (result === 'unchanged' ? '' : done));
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
    `The plan differs from the one that was approved:\n${error.plans.map(planText).join('\n\n')}\n${error.message}`,
    { cause: error, category: 'refused', code: error.code, advice: error.advice },
  );
}

function printPlans(plans: readonly RemarkedPlan[], json: boolean | undefined): void {
  printProgress({ json }, `${plans.map(planText).join('\n\n')}\n`);
}
