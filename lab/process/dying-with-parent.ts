import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * A prefix for a command that makes it die with its parent, even if the parent is killed; empty where the kernel can't
 * do that.
 */
export function dyingWithParent(): string[] {
  if (process.platform !== 'linux') return [];
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'setpriv')));
  return found ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
}
