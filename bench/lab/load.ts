import { setTimeout as sleep } from 'node:timers/promises';
import { PATH, runJellyfin } from '../../lab/test/lab/jellyfin';
import { commitsPerSecond, longestPause, type Window } from './commits';
import type { Figure } from './figure';
import { inTurn } from './in-turn';
import type { Workbench } from './workbench';

const QUIET_SECONDS = 20;

/** What an app on another node notices of a warm copy of its volume. */
export async function benchLoad(bench: Workbench): Promise<Figure[]> {
  const { lab } = bench;
  await bench.makeSource(PATH, { largeFiles: 3, mebibytes: 64 });
  // It commits one row after the other, so rows per second show how long a commit takes.
  await runJellyfin(lab, { APP_WRITE_MILLISECONDS: '1' });
  const volume = await bench.makeVolume('load', '512Mi');
  const copied = async (): Promise<Window> => {
    await bench.empty(volume);
    const { seconds, endedAt } = await bench.copy(PATH, volume);
    return { from: endedAt - seconds * 1000, to: endedAt };
  };
  const quiet = async (): Promise<Window> => {
    const from = Date.now();
    await sleep(QUIET_SECONDS * 1000);
    return { from, to: Date.now() };
  };
  const windows = await inTurn({ quiet, copied }, 2);

  const commits = lab.acknowledgements().map(({ milliseconds }) => milliseconds);
  const figure = (name: string, unit: string, of: typeof longestPause): Figure => ({
    name,
    unit,
    ours: { name: 'during a warm copy', values: windows.copied.map((window) => of(commits, window)) },
    peer: { name: 'without', values: windows.quiet.map((window) => of(commits, window)) },
  });
  return [
    figure('Commits of an app on another node, on the NFS export that is copied', 'rows/s', commitsPerSecond),
    figure('The longest time without a commit', 'ms', longestPause),
  ];
}
