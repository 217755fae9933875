import type { Counts, Step } from './step';

/** A step and how it ended. */
export interface Ran {
  readonly step: Step;
  readonly counts: Counts;
  readonly minutes: number;
  /** Why it was in the run, if it was selected. */
  readonly why?: string;
}

type Count = 'passed' | 'failed' | 'skipped';

export function sum(all: readonly Ran[], key: Count): number {
  return all.reduce((total, { counts }) => total + counts[key], 0);
}

/**
 * The output at the end of a run, where a reader begins: failures, each step, what did not run and why, and the line
 * with the counts.
 */
export function summaryOf(all: readonly Ran[]): string[] {
  const notRun = all.filter(({ counts }) => counts.notRun !== undefined);
  return [
    ...all.flatMap(({ step, counts }) =>
      (counts.failures ?? []).map((failure) => `\n=== failed in ${step.name}: ${failure}`),
    ),
    '\n=== summary',
    ...all.filter((one) => !notRun.includes(one)).map(line),
    ...(notRun.length > 0 ? ['\n=== not run'] : []),
    ...notRun.flatMap(({ step, counts, why }) =>
      (step.files ?? [step.name]).map((file) => `${file}: ${[why, counts.notRun].filter(Boolean).join('; ')}`),
    ),
    '',
    `${sum(all, 'passed')} passed, ${sum(all, 'failed')} failed, ${sum(all, 'skipped')} skipped`,
  ];
}

function line({ step, counts, minutes }: Ran): string {
  const { passed, failed, skipped } = counts;
  return `${step.name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${minutes.toFixed(1)} min`;
}

/** Whether a run succeeded: something passed and nothing failed. */
export function succeeded(all: readonly Ran[]): boolean {
  return sum(all, 'failed') === 0 && sum(all, 'passed') > 0;
}
