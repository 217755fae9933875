import { openMigrator } from '../open-migrator';
import { runApproved } from '../run-approved';

/** Gives up what was begun for an app's volumes; the app, and what its attempts have written, stay as they are. */
export async function abort(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file);
  const request = { command: `lunward abort ${app}`, approved: approve };
  if ((await runApproved(request, (options) => migrator.abort(app, options))) === 'unchanged') return;
  console.log(
    `The attempt for ${app} is abandoned; the volumes that ${app} uses are unchanged. "lunward wipe ${app}" makes a LUN blank again; empty a folder on the NAS.`,
  );
}
