import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The same path from `lib/scripts` and from `build/scripts`.
const folder = join(__dirname, '..', '..', 'lib', 'scripts');

/** The text of a file in `scripts`. */
export function readScript(name: string): string {
  return readFileSync(join(folder, name), 'utf8').trimEnd();
}
