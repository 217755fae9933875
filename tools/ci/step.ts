import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The number of a step's tests by result. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why, if that is known: a few lines each. */
  readonly failures?: readonly string[];
  /** Why the step was not run; undefined if it ran. */
  readonly notRun?: string;
}

/** One command of a run. */
export interface Step {
  readonly name: string;
  /** Time limit in minutes. */
  readonly minutes: number;
  /** Minutes that it usually takes; set if the step may be left out for lack of time. */
  readonly usualMinutes?: number;
  /** Test files that it runs, if known: each counts as skipped if the step is left out. */
  readonly files?: readonly string[];
  readonly command: readonly string[];
  /** Gets the counts from the step's exit code and the files that it wrote. */
  count(code: number): Counts;
}

/** Until when steps run, in milliseconds since 1970. */
export interface Limits {
  /** A step that still runs at this time is killed. */
  readonly deadline: number;
  /** An optional step starts only if it usually ends before this time. Default: the deadline. */
  readonly wanted?: number;
}

/**
 * Runs a step. A step that is killed has failed.
 *
 * @param output a file for its output. Default: the output of this process
 */
export async function runStep(step: Step, { deadline, wanted = deadline }: Limits, output?: string): Promise<Counts> {
  const say = (text: string) => (output ? appendFileSync(output, `${text}\n`) : console.log(text));
  const left = Math.min(step.minutes * 60_000, deadline - Date.now());
  if (step.usualMinutes !== undefined && Date.now() + step.usualMinutes * 60_000 > wanted) {
    const minutes = Math.max(0, (wanted - Date.now()) / 60_000).toFixed(1);
    const notRun = `it takes about ${step.usualMinutes} min, and ${minutes} min are left of the whole run`;
    say(`skipped: ${notRun}`);
    return { passed: 0, failed: 0, skipped: step.files?.length ?? 1, notRun };
  }
  if (left <= 0) {
    const notRun = 'the time of the whole run is used up';
    say(`not run: ${notRun}`);
    return { passed: 0, failed: 1, skipped: 0, notRun };
  }
  const code = await runCommand(step.command, left, output);
  if (code === undefined) {
    say(`ended after ${(left / 60_000).toFixed(0)} min: ${step.command.join(' ')}`);
    const counts = step.count(1);
    return { ...counts, failed: Math.max(1, counts.failed) };
  }
  return step.count(code);
}

/**
 * Counts the tests in Vitest's JSON report. A run that failed without a failed test (a type error, a file that can't be
 * loaded) counts as one failure, and so does a run without a complete report, which was killed. A test that was left
 * out counts as skipped.
 */
export function countTests(file: string, code: number): Counts {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests > 0 || code === 0 ? report.numFailedTests : 1;
  const failures = (report.testResults ?? []).flatMap(failuresIn);
  return {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
    ...(failures.length > 0 && { failures }),
  };
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults?: readonly TestedFile[];
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

/** A test file in Vitest's JSON report. */
interface TestedFile {
  readonly name: string;
  readonly status: string;
  /** Why it could not run to its end. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

const TOLD_LINES = 8;

function failuresIn({ name, status, message, assertionResults }: TestedFile): string[] {
  const failed = assertionResults.filter((one) => one.status === 'failed');
  const whole = status === 'failed' && failed.length === 0 ? [`${path.basename(name)}: ${beginning(message)}`] : [];
  return [...whole, ...failed.map((one) => `${one.fullName}: ${beginning(one.failureMessages.join('\n'))}`)];
}

function beginning(text: string): string {
  return text.split('\n').slice(0, TOLD_LINES).join('\n').slice(0, 1000);
}

function runCommand(
  [program = '', ...args]: readonly string[],
  milliseconds: number,
  output: string | undefined,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const said = output === undefined ? 'inherit' : openSync(output, 'a');
    // A process group of its own, so that no descendant outlives the time limit.
    const child = spawn(program, args, { stdio: ['ignore', said, said], detached: true });
    if (said !== 'inherit') closeSync(said);
    if (child.pid) running.add(child.pid);
    let ended = false;
    const timer = setTimeout(() => {
      ended = true;
      endGroup(child.pid);
      // A process that cannot be killed, in a system call that never returns, must not hold up the whole run.
      setTimeout(() => {
        // Node would wait for it at its own end, after the summary.
        child.unref();
        resolve(undefined);
      }, 2 * graceMilliseconds).unref();
    }, milliseconds);
    child.on('error', () => resolve(1));
    child.on('close', (code) => {
      if (child.pid) running.delete(child.pid);
      clearTimeout(timer);
      resolve(ended ? undefined : (code ?? 1));
    });
  });
}

const graceMilliseconds = 10_000;

/** Leaders of the process groups of running steps. */
const running = new Set<number>();

/**
 * Ends this process and its running steps when it is interrupted: the steps have process groups of their own, which do
 * not get the signal.
 */
export function endStepsWhenInterrupted(): void {
  const signals = [['SIGINT', 130] as const, ['SIGTERM', 143] as const, ['SIGHUP', 129] as const];
  for (const [signal, code] of signals) {
    process.once(signal, () => {
      for (const pid of running) endGroup(pid);
      process.exit(code);
    });
  }
}

function endGroup(pid: number | undefined): void {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-(pid ?? 0), name);
    } catch {
      // It ended in the meantime.
    }
  };
  if (pid) {
    signal('SIGTERM');
    setTimeout(() => signal('SIGKILL'), graceMilliseconds).unref();
  }
}
