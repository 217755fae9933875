import { existsSync, statSync } from 'node:fs';
import { UserError } from '../core/problems';

/**
 * Refuses a file where a command writes into a folder, which may be missing.
 *
 * @param remedy how the operator names a folder
 */
export function refuseFile(folder: string, remedy: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new UserError(`${folder} is a file; ${remedy}: it is made if it does not exist`, {
    category: 'usage',
    code: 'file-unusable',
  });
}
