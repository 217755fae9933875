import { openMigrator } from '../open-migrator';
import { type OutputOptions, printResult } from '../result';
import { runApproved } from '../run-approved';

/** Zeroes the LUNs on which attempts that were given up have left something. */
export async function wipe(
  app: string,
  { file, approve = [], json = false }: OutputOptions & { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const request = { command: `lunward wipe ${app}`, approved: approve, json, typed: 'digests' } as const;
  const result = await runApproved(request, (options) => migrator.wipe(app, options));
  printResult('wipe', { json }, { app, result }, () =>
    result === 'unchanged' ? '' : `The LUN is blank. "lunward plan ${app}" shows the next steps.`,
  );
}
