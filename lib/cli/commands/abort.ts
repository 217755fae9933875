import { type ApprovedOptions, runCommand } from '../run-approved';

/** Gives up what was begun for an app's volumes; the app, and what its attempts have written, stay as they are. */
export async function abort(app: string, options: ApprovedOptions): Promise<void> {
  const done = `The attempt for ${app} is abandoned; the volumes that ${app} uses are unchanged. "lunward wipe ${app}" makes a LUN blank again; empty a folder on the NAS.`;
  await runCommand('abort', app, options, done);
}
