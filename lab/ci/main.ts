/** What `.ci/run` does once packages are installed: each step by itself, then one line that counts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Counts, countTests, runStep, type Step } from './step';

// The whole must end by itself before anybody ends it: a run that is killed counts nothing.
const budgetMinutes = 78;

const results = mkdtempSync(path.join(tmpdir(), 'lunward-ci-'));

/** Vitest, with its results in a file too. */
function vitest(name: string, minutes: number, ...command: readonly string[]): Step {
  const file = path.join(results, `${name.replace(/\W+/g, '-')}.json`);
  return {
    name,
    minutes,
    command: [...command, '--', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
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

const steps: readonly Step[] = [
  single('shell checks', 5, 'bash', 'lab/ci/shell-checks.sh'),
  vitest('npm test', 10, 'npm', 'test'),
  single('npm run synth', 3, 'npm', 'run', 'synth'),
  single('npm run engine', 50, 'npm', 'run', 'engine'),
  vitest('npm run test:lab', 35, 'npm', 'run', 'test:lab'),
  single('npm run rehearse', 10, 'npm', 'run', 'rehearse'),
];

async function main(): Promise<void> {
  const deadline = Date.now() + budgetMinutes * 60_000;
  const all: { step: Step; counts: Counts; minutes: number }[] = [];
  for (const step of steps) {
    const start = Date.now();
    console.log(`\n=== ${step.name}`);
    const counts = await runStep(step, deadline);
    all.push({ step, counts, minutes: (Date.now() - start) / 60_000 });
  }
  console.log('\n=== summary');
  for (const { step, counts, minutes } of all) {
    console.log(
      `${step.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${minutes.toFixed(1)} min`,
    );
  }
  const sum = (key: keyof Counts) => all.reduce((total, { counts }) => total + counts[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
  rmSync(results, { recursive: true, force: true });
}

main().catch((error: Error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
