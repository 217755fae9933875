/** `npm run bench [many] [cold] [preview]`: what lunward costs beyond what can't be saved, all in one run. */
import { cpus, loadavg } from 'node:os';
import { benchCold } from './cold';
import { benchMany } from './many';
import { benchPreview } from './preview';

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  many: benchMany,
  cold: benchCold,
  preview: benchPreview,
};

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  }
  console.log(`Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)} at the start.`);
  console.log(
    'Figures are least / median / most. Processor time is the one to trust on a machine that does other work.',
  );
  for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
    await benches[name]?.();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
