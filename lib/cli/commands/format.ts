import { openMigrator } from '../open-migrator';
import { type OutputOptions, printResult } from '../result';
import { runApproved } from '../run-approved';

/** Makes the file systems of an app's first volumes, where nothing was ever on their LUNs. */
export async function format(
  app: string,
  { file, approve = [], json = false }: OutputOptions & { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const request = { command: `lunward format ${app}`, approved: approve, json };
  const result = await runApproved(request, (options) => migrator.format(app, options));
  printResult('format', { json }, { app, result }, () =>
    result === 'unchanged'
      ? ''
      : `The volumes of ${app} are ready. Commit lunward.lock.json: its pods then start on these volumes only. Then "pulumi up" may start ${app}.`,
  );
}
