import type { AppContext } from '../app-context';
import { mendedLock } from '../journal/lock-from-journal';

/** Records each volume's seal in the lock file, so that the app's pods start on no other volume. */
export async function writeSeals(context: AppContext): Promise<void> {
  const { project, app, model } = context;
  const journal = await context.journal();
  project.changeLock((lock) => mendedLock(lock, app, model, journal));
}
