import type { Advice, Finding } from '../../../lib/core/advice';
import type { ErrorCode } from '../../../lib/core/error-codes';

/** The plan for one volume, as `lunward plan --json` prints it. */
export interface PrintedPlan {
  readonly planned: {
    readonly plan?: { readonly volume: string; readonly mountPath: string };
    readonly digest?: string;
    readonly refusals?: readonly Advice[];
    readonly done?: string;
  };
}

/** What `lunward doctor --json` prints. */
export interface PrintedFindings {
  /** Facts of the nodes that were inspected, by name. */
  readonly nodes: Readonly<Record<string, object>>;
  readonly findings: readonly Finding[];
}

/** The result on the stdout of a command that was run with `--json`. */
export function resultIn<Result>(stdout: string): Result {
  return (JSON.parse(stdout) as { readonly result: Result }).result;
}

/** The error that a command ended with, on the stdout of a command that was run with `--json`. */
export function errorIn(stdout: string) {
  const { error } = JSON.parse(stdout) as {
    readonly error: { readonly code: ErrorCode; readonly message: string; readonly advice: readonly Advice[] };
  };
  return error;
}

/** What is in the way, in the stdout of `lunward plan --json`. */
export function refusalsIn(stdout: string): Advice[] {
  return resultIn<readonly PrintedPlan[]>(stdout).flatMap(({ planned }) => planned.refusals ?? []);
}
