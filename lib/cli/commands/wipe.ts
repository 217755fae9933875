import { type ApprovedOptions, runCommand } from '../run-approved';

/** Zeroes the LUNs on which attempts that were given up have left something. */
export async function wipe(app: string, options: ApprovedOptions): Promise<void> {
  const done = `The LUN is blank. "lunward plan ${app}" shows the next steps.`;
  await runCommand('wipe', app, options, done, 'digests');
}
