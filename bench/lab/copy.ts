import type { Figure } from './figure';
import { inTurn } from './in-turn';
import type { Workbench } from './workbench';

const PATH = '/volume2/bench/large';
const FILES = 3;
const MEBIBYTES = 64;
const FLOOR = 'iqn.2000-01.com.example:copy-floor';

/** A warm copy of large files, compared with one pass of dd to a LUN without a file system. */
export async function benchCopy(bench: Workbench): Promise<Figure[]> {
  await bench.makeSource(PATH, { largeFiles: FILES, mebibytes: MEBIBYTES });
  await bench.lab.nas.createLun({ iqn: FLOOR, lun: 1, size: '256Mi' });
  const volume = await bench.makeVolume('copy-large', '512Mi');
  const ours = async () => {
    await bench.empty(volume);
    const { seconds } = await bench.copy(PATH, volume);
    // Login, mounts, comparing everything, logout: dd is spared these.
    const { seconds: overhead } = await bench.copy(PATH, volume);
    return { seconds, overhead };
  };
  const dd = async () => ({ seconds: await bench.copyByHand('dd', PATH, FLOOR), overhead: 0 });
  const taken = await inTurn({ ours, dd }, 2);

  type Taken = (typeof taken)['ours'][number];
  const rate = ({ seconds, overhead }: Taken) => (FILES * MEBIBYTES) / (seconds - overhead);
  const what = `${FILES} files of ${MEBIBYTES} MiB from NFS to a LUN`;
  const peer = { name: 'one pass of dd, flushed', values: taken.dd.map(rate) };
  return [
    {
      name: `${what}: what copying adds to a unit that finds nothing to copy`,
      unit: 'MiB/s',
      ours: { name: 'lunward', values: taken.ours.map(rate) },
      peer,
      aim: { least: 0.9 },
    },
    {
      name: `${what}: the whole unit, from before its login until behind its logout`,
      unit: 'MiB/s',
      ours: { name: 'lunward', values: taken.ours.map(({ seconds }) => rate({ seconds, overhead: 0 })) },
      peer,
    },
  ];
}
