/** `npm run bench [many] [cold] [preview]`: what Lunward costs beyond what can't be saved, all in one run. */
import { chosenBenches } from './chosen';
import { benchCold } from './cold';
import { benchMany } from './many';
import { benchPreview } from './preview';

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  many: benchMany,
  cold: benchCold,
  preview: benchPreview,
};

async function main(): Promise<void> {
  const chosen = chosenBenches(benches);
  console.log(
    'Figures are least / median / most. Processor time is the one to trust on a machine that does other work.',
  );
  for (const [, bench] of chosen) await bench();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
