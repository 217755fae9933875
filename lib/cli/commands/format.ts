import { type ApprovedOptions, runCommand } from '../run-approved';

/** Makes the file systems of an app's first volumes, where nothing was ever on their LUNs. */
export async function format(app: string, options: ApprovedOptions): Promise<void> {
  const done = `The volumes of ${app} are ready. Commit lunward.lock.json: its pods then start on these volumes only. Then "pulumi up" may start ${app}.`;
  await runCommand('format', app, options, done);
}
