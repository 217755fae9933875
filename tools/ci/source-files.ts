import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';

const NOT_SOURCE = new Set(['node_modules', 'build', 'dist']);

/** Every file in a folder of the checkout and below it, as sorted paths from `root`. Empty if the folder is missing. */
export function sourceFiles(root: string, folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return NOT_SOURCE.has(entry.name) ? [] : sourceFiles(root, name);
      return entry.isFile() ? [name] : [];
    })
    .sort();
}

export function isTestFile(file: string): boolean {
  return file.endsWith('.test.ts');
}
