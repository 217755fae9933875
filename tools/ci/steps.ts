import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REHEARSE_MINUTES } from './minutes';
import { countTests, type Step } from './step';
import type { Unit } from './units';

/** `npm run test:lab` without its build, which the run has already made. */
const LAB_TESTS = ['npx', 'vitest', 'run', '--config', 'vitest.lab.config.mts'];
const TWO_AT_A_TIME = ['--fileParallelism', '--maxWorkers', '2'];

/** Makes a folder for the results of steps, which is removed when this process ends. */
export function resultsOf(run: string): string {
  const results = mkdtempSync(path.join(tmpdir(), `lunward-${run}-`));
  process.once('exit', () => {
    try {
      rmSync(results, { recursive: true, force: true });
    } catch {
      // A process that a step has left writes to it: that changes nothing about the run.
    }
  });
  return results;
}

/** Vitest, with its results also in a file in `results`. */
function vitest(results: string, name: string, minutes: number, ...command: readonly string[]): Step {
  const file = path.join(results, `${name.replace(/\W+/g, '-')}.json`);
  return {
    name,
    minutes,
    command: [...command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    count: (code) => countTests(file, code),
  };
}

/** A command that passes or fails as a whole. */
function single(name: string, minutes: number, ...command: readonly string[]): Step {
  return {
    name,
    minutes,
    command,
    count: (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }),
  };
}

/**
 * Steps that build what is missing, and the most minutes that each takes if nothing is missing: above that the run
 * counts as cold.
 */
export const MAKERS: Readonly<Record<string, number>> = { 'npm run engine': 1, 'the machines': 1 };

/** The sequential steps: each needs the whole host, or what the previous one has made. */
export function inARow(results: string): Step[] {
  return [
    single('shell checks', 5, 'bash', 'tools/ci/shell-checks.sh'),
    vitest(results, 'npm test', 10, 'npm', 'test', '--'),
    single('npm run build', 3, 'npm', 'run', 'build'),
    single('npm run synth', 3, 'npm', 'run', 'synth'),
    single('npm run engine', 50, 'npm', 'run', 'engine'),
    single('the machines', 20, 'bash', '-c', 'npm run lab -- --name ci up && npm run lab -- --name ci down'),
  ];
}

/** It takes a lab of its own, so other tests may run beside it. */
export function rehearsal(): Step {
  return { ...single('npm run rehearse', 65, 'npm', 'run', 'rehearse'), usualMinutes: REHEARSE_MINUTES };
}

/** The tests of a unit, left out if there is no time. Each unit has its own lab or control planes. */
export function labTests(results: string, { name, files, minutes, onMachines }: Unit): Step {
  const options = onMachines ? [] : TWO_AT_A_TIME;
  return {
    ...vitest(results, `lab tests: ${name}`, onMachines ? 45 : 30, ...LAB_TESTS, ...options, ...files),
    usualMinutes: minutes,
    files,
  };
}
