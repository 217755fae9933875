/**
 * What `.ci/run` does after packages are installed. `--list` prints which tests of the lab it would run now, and runs
 * nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { inLanes } from './lanes';
import { REHEARSE_MINUTES } from './minutes';
import { type Selection, selectTests } from './selection';
import { type Counts, endStepsWhenInterrupted, type Limits, runStep, type Step } from './step';
import { inARow, labTests, MAKERS, rehearsal, resultsOf } from './steps';
import { type Ran, succeeded, summaryOf } from './summary';

const root = path.join(__dirname, '..', '..');

// A run is killed after 90 minutes, and a killed run counts for nothing: it ends itself before that, with its summary.
const END_MINUTES = 84;
/** The minute at which optional tests should have ended. */
const COLD_MINUTES = 77;
/** The same, if nothing had to be built first. */
const WARM_MINUTES = 58;
/** Minutes that the sequential steps take of that, if nothing has to be built. */
const USUAL_MINUTES_IN_A_ROW = 6;

/** Memory that two labs at once and everything else take. */
const TWO_LABS_BYTES = 13 * 1024 ** 3;

/**
 * A lab waits for its machines part of the time, so two at once end sooner than one after the other. A third would slow
 * down both. With fewer than two processors or too little memory, even two only slow each other down.
 */
const lanes = availableParallelism() >= 2 && freemem() >= TWO_LABS_BYTES ? 2 : 1;

/** Minutes that all lanes together have for optional tests, besides the rehearsal. */
function capacity(minutesLeft: number): number {
  return Math.max(0, lanes * minutesLeft - REHEARSE_MINUTES);
}

/** @param output a file for the step's output, which is printed after the step has ended. Default: printed at once */
async function ran(step: Step, limits: Limits, output?: string): Promise<Ran> {
  const began = Date.now();
  if (!output) console.log(`\n=== ${step.name}`);
  // A step that cannot be run or counted must not lose the results of all others.
  const counts = await runStep(step, limits, output).catch(
    (error: Error): Counts => ({ passed: 0, failed: 1, skipped: 0, failures: [error.message] }),
  );
  if (output) console.log(`\n=== ${step.name}\n${existsSync(output) ? readFileSync(output, 'utf8') : ''}`);
  return { step, counts, minutes: (Date.now() - began) / 60_000 };
}

async function runAll(start: number, results: string): Promise<Ran[]> {
  const deadline = start + END_MINUTES * 60_000;
  const first: Ran[] = [];
  for (const step of inARow(results)) first.push(await ran(step, { deadline }));
  const isCold = first.some(({ step, minutes }) => minutes > (MAKERS[step.name] ?? Number.POSITIVE_INFINITY));
  const wanted = start + (isCold ? COLD_MINUTES : WARM_MINUTES) * 60_000;
  const selection = selectTests(root, start, capacity((wanted - Date.now()) / 60_000));
  list(selection);
  const planned: readonly { step: Step; limits: Limits; why?: string }[] = [
    // It is left out only if it could not end before the run is killed.
    { step: rehearsal(), limits: { deadline } },
    ...selection.ordered.map(({ unit, why }) => ({
      step: labTests(results, unit),
      limits: { deadline, wanted },
      why,
    })),
  ];
  const others = await inLanes(planned, lanes, async ({ step, limits, why }) => {
    const output = lanes > 1 ? path.join(results, `${step.name.replace(/\W+/g, '-')}.log`) : undefined;
    return { ...(await ran(step, limits, output)), why };
  });
  return [...first, ...others];
}

function list({ ordered, summary }: Selection): void {
  console.log(`\n=== tests of the lab, in ${lanes} ${lanes > 1 ? 'lanes' : 'lane'}\n${summary}`);
  for (const { unit, why, fits } of ordered) {
    console.log(`${fits ? 'run          ' : 'if time left '}${unit.name}, ${unit.minutes} min: ${why}`);
  }
}

async function main(): Promise<void> {
  // `.ci/run` passes the time at which it began, in seconds since 1970.
  const start = Number(process.env.CI_BEGAN) * 1000 || Date.now();
  if (process.argv.includes('--list')) {
    list(selectTests(root, start, capacity(WARM_MINUTES - USUAL_MINUTES_IN_A_ROW)));
    return;
  }
  endStepsWhenInterrupted();
  const all = await runAll(start, resultsOf('ci'));
  console.log(summaryOf(all).join('\n'));
  process.exitCode = succeeded(all) ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
});
