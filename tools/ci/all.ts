/**
 * `npm run lab:all -- [--list] [names…]`: runs the rehearsal and every test file of the lab, or those named, one after
 * the other without an overall time limit. A second run resumes with what has not passed on these sources.
 */
import path from 'node:path';
import { namedOf } from './named';
import { isPassing, Results, resultsFolder, sourceHash, tableOf } from './results';
import { endStepsWhenInterrupted, runStep, type Step } from './step';
import { labTests, rehearsal, resultsOf } from './steps';
import { labUnits } from './units';

const root = path.join(__dirname, '..', '..');

/** Alone on the host a file takes less time than in CI; an emulated host may be twice as slow. */
const LIMIT_MINUTES = 90;

/** All steps, in the order in which they run and are in the table. */
function everything(results: string): Step[] {
  const files = labUnits(root).flatMap((unit) => unit.files.map((file) => ({ ...unit, name: file, files: [file] })));
  return [rehearsal(), ...files.map((unit) => ({ ...labTests(results, unit), name: unit.name }))].map((step) => ({
    ...step,
    minutes: LIMIT_MINUTES,
    usualMinutes: undefined,
  }));
}

async function runMissing(steps: readonly Step[], results: Results): Promise<void> {
  for (const step of steps) {
    if (isPassing(results.latest().get(step.name))) continue;
    console.log(`\n=== ${step.name}`);
    const began = Date.now();
    const { passed, failed, skipped } = await runStep(step, { deadline: Number.POSITIVE_INFINITY });
    // A step during which sources changed is a result for neither state.
    if (sourceHash(root) !== results.hash) throw new Error(`sources changed while ${step.name} ran: run it again`);
    const minutes = (Date.now() - began) / 60_000;
    results.add({ name: step.name, passed, failed, skipped, minutes, when: new Date().toISOString().slice(0, 19) });
  }
}

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  const steps = namedOf(
    everything(resultsOf('all')),
    options.filter((option) => option !== '--list'),
  );
  const results = new Results(resultsFolder(), sourceHash(root));
  endStepsWhenInterrupted();
  if (!options.includes('--list')) await runMissing(steps, results);
  const latest = results.latest();
  const missing = steps.filter(({ name }) => !isPassing(latest.get(name)));
  console.log(`\nOn sources ${results.hash}:\n`);
  console.log(
    tableOf(
      steps.map(({ name }) => name),
      latest,
    ),
  );
  console.log(`\n${steps.length - missing.length} of ${steps.length} passed.`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
