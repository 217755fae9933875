import { openMigrator } from '../open-migrator';
import { type OutputOptions, printResult } from '../result';
import { runApproved } from '../run-approved';

/** Adopts volumes that hold an app's data already: they are marked as whole, and nothing else is written to them. */
export async function seal(
  app: string,
  { file, approve = [], json = false }: OutputOptions & { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const request = { command: `lunward seal ${app}`, approved: approve, json };
  const result = await runApproved(request, (options) => migrator.seal(app, options));
  printResult('seal', { json }, { app, result }, () =>
    result === 'unchanged'
      ? ''
      : `The volumes of ${app} are sealed as they are: nothing formats them or copies into them. Commit lunward.lock.json: ` +
        'its pods then start on these volumes only.',
  );
}
