import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What to put before a command, so that it dies with an owner that is killed and can't end it; where the kernel can. */
export function dyingWithParent(): string[] {
  if (process.platform !== 'linux') return [];
  const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'setpriv')));
  return found ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
}
