import type { Figure } from './figure';
import type { Workbench } from './workbench';

const PATH = '/volume2/bench/small';
const FILES = 2000;
const ROUND_TRIP_MILLISECONDS = 20;

/** A warm copy of small files from a distant NAS, compared with the commands that people type. */
export async function benchSmallFiles(bench: Workbench): Promise<Figure[]> {
  await bench.makeSource(PATH, { smallFiles: FILES });
  const volume = await bench.makeVolume('copy-small', '128Mi');
  // The same file system for all.
  const other = await bench.makeVolume('copy-small-by-hand', '128Mi');
  const byHand = (how: 'cp' | 'rsync') => bench.copyByHand(how, PATH, other.target.iqn);
  const ours = async () => (await bench.copy(PATH, volume)).seconds;

  const delay = await bench.lab.impairLink(bench.machine.name, { delayMilliseconds: ROUND_TRIP_MILLISECONDS / 2 });
  try {
    // One round takes minutes, so ours is measured before and after the others.
    const first = await ours();
    const rsync = await byHand('rsync');
    await bench.empty(other);
    const cp = await byHand('cp');
    await bench.empty(volume);
    const taken = [first, await ours()];
    return Object.entries({ cp, rsync }).map(([program, seconds]) => ({
      name: `${FILES} files of 4 KiB over ${ROUND_TRIP_MILLISECONDS} ms of round trip, the whole unit`,
      unit: 'files/s',
      ours: { name: 'lunward', values: taken.map((each) => FILES / each) },
      peer: { name: `${program} -a, flushed`, values: [FILES / seconds] },
      aim: { least: 2 },
    }));
  } finally {
    await delay.undo();
  }
}
