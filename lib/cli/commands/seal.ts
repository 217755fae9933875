import { type ApprovedOptions, runCommand } from '../run-approved';

/** Adopts volumes that hold an app's data already: they are marked as whole, and nothing else is written to them. */
export async function seal(app: string, options: ApprovedOptions): Promise<void> {
  const done =
    `The volumes of ${app} are sealed as they are: nothing formats them or copies into them. Commit lunward.lock.json: ` +
    'its pods then start on these volumes only.';
  await runCommand('seal', app, options, done);
}
