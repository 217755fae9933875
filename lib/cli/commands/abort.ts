import { openMigrator } from '../open-migrator';
import { type OutputOptions, printResult } from '../result';
import { runApproved } from '../run-approved';

/** Gives up what was begun for an app's volumes; the app, and what its attempts have written, stay as they are. */
export async function abort(
  app: string,
  { file, approve = [], json = false }: OutputOptions & { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const request = { command: `lunward abort ${app}`, approved: approve, json };
  const result = await runApproved(request, (options) => migrator.abort(app, options));
  printResult('abort', { json }, { app, result }, () =>
    result === 'unchanged'
      ? ''
      : `The attempt for ${app} is abandoned; the volumes that ${app} uses are unchanged. "lunward wipe ${app}" makes a LUN blank again; empty a folder on the NAS.`,
  );
}
