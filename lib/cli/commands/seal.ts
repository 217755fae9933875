import { openMigrator } from '../open-migrator';
import { runApproved } from '../run-approved';

/** Adopts volumes that hold an app's data already: they are marked as whole, and nothing else is written to them. */
export async function seal(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file);
  const request = { command: `lunward seal ${app}`, approved: approve };
  if ((await runApproved(request, (options) => migrator.seal(app, options))) === 'unchanged') return;
  console.log(
    `The volumes of ${app} are sealed as they are: nothing formats them or copies into them. Commit lunward.lock.json: ` +
      'its pods then start on these volumes only.',
  );
}
