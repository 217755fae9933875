/**
 * `npm run bench:lab [-- copy small-files hashes plan load last-copy downtime]`: what the lab can measure, each with a
 * peer or floor from the same run.
 */
import { duration } from '../../lab/engine/progress';
import { chosenBenches } from '../chosen';
import { benchCopy } from './copy';
import { benchDowntime } from './downtime';
import { type Figure, figureText } from './figure';
import { benchHashes } from './hashes';
import { benchLastCopy } from './last-copy';
import { benchLoad } from './load';
import { benchPlan } from './plan';
import { benchSmallFiles } from './small-files';
import { Workbench } from './workbench';

/**
 * In this order: from `plan` on, an app runs, which must not disturb the earlier ones; from `last-copy` on, a node runs
 * no pods.
 */
const benches: Readonly<Record<string, (bench: Workbench) => Promise<Figure[]>>> = {
  copy: benchCopy,
  'small-files': benchSmallFiles,
  hashes: benchHashes,
  plan: benchPlan,
  load: benchLoad,
  'last-copy': benchLastCopy,
  downtime: benchDowntime,
};

async function main(): Promise<void> {
  const chosen = chosenBenches(benches);
  const begin = performance.now();
  const bench = await Workbench.open();
  endInOrder(bench);
  try {
    const isEmulated = (await bench.lab.status()).accelerator !== 'kvm';
    if (isEmulated) console.log('Processors are emulated: ratios of this run count, and its times say nothing.');
    for (const [name, measure] of chosen) await tell(name, () => measure(bench), isEmulated);
  } finally {
    await bench.close();
  }
  console.log(`\nAll of it took ${duration(performance.now() - begin)}.`);
}

/** A bench that fails is reported, and the others are still measured. */
async function tell(name: string, measure: () => Promise<Figure[]>, isEmulated: boolean): Promise<void> {
  console.log(`\n== ${name}`);
  const begin = performance.now();
  try {
    for (const figure of await measure()) console.log(figureText(figure, isEmulated));
  } catch (error) {
    console.error(`${name} could not be measured: ${(error as Error).message}`);
    process.exitCode = 1;
  }
  console.log(`(${duration(performance.now() - begin)})`);
}

// The lab ends with this process by itself; the folder with its ssh must be removed here.
function endInOrder(bench: Workbench): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, async () => {
      await bench.close();
      process.exit(130);
    });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  // Anything of the lab that is still up ends with this process.
  process.exit(1);
});
