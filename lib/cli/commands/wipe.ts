import { openMigrator } from '../open-migrator';
import { runApproved } from '../run-approved';

/** Zeroes the LUNs on which attempts that were given up have left something. */
export async function wipe(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file);
  const request = { command: `lunward wipe ${app}`, approved: approve, typed: 'digests' } as const;
  if ((await runApproved(request, (options) => migrator.wipe(app, options))) === 'unchanged') return;
  console.log(`The LUN is blank. "lunward plan ${app}" shows the next steps.`);
}
