import { renameSync, writeFileSync } from 'node:fs';

/** Never half a file: a GitOps controller or a second reader may look at any moment. */
export function writeWhole(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
