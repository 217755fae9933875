import { podLists, status as statusOf } from '../../migration/use-cases/status';
import { eachApp, isProblem } from '../each-app';
import { exitCodes } from '../exit-codes';
import { openMigrator } from '../open-migrator';
import { printResult } from '../result';
import { statusText } from '../views/status-text';

interface Options {
  readonly file: string;
  readonly json?: boolean;
  /** Writes into the lock what the journal says. Default: nothing is changed. */
  readonly writeLock?: boolean;
}

/**
 * Prints what is live for apps and how far their volumes are, by the journal, the pods and what runs on the nodes.
 *
 * @param apps Default: all of the description.
 * @returns the exit code; of several apps that could not be looked at, the highest
 */
export async function status(
  apps: readonly string[],
  { file, json = false, writeLock = false }: Options,
): Promise<number> {
  const migrator = await openMigrator(file);
  // The lock file may name a generation that is not described, which this command reports and corrects.
  const contexts = await migrator.contexts(apps, { ignoresLock: true });
  const podsIn = podLists(migrator.client);
  const all = await eachApp(
    contexts,
    (context) => context.recordedJournal(),
    (context, journal) => statusOf(context, journal, { writeLock, podsIn }),
  );
  const none = ['No app is described.'];
  printResult('status', { json }, all, () => (all.length > 0 ? all.map(statusText) : none).join('\n\n'));
  return Math.max(0, ...all.filter(isProblem).map(({ category }) => exitCodes[category].code));
}
