import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file atomically: a GitOps controller or another process may read it at any moment. */
export function writeWhole(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
