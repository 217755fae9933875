import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The same path from `lib/scripts` and from `build/scripts`.
const folder = join(__dirname, '..', '..', 'lib', 'scripts');

const texts = new Map<string, string>();

/** The text of a file in `scripts`. Each file is read once, so what a run has planned is what it sends. */
export function readScript(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(folder, name), 'utf8').trimEnd();
  texts.set(name, text);
  return text;
}
