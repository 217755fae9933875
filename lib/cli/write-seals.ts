import { changeLock } from '../cluster/load-cluster';
import { mendedLock } from '../migration/journal/lock-from-journal';
import type { Workplace } from './workplace';

/** Writes into the lock as what an app's volumes were sealed, so that its pods start on nothing else. */
export async function writeSeals(workplace: Workplace): Promise<void> {
  const { file, app, model } = workplace;
  const journal = await workplace.journal();
  changeLock(file, (lock) => mendedLock(lock, app, model, journal));
}
