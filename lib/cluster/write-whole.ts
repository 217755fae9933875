import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/**
 * Writes a file atomically: a GitOps controller or another process may read it at any moment, and sees the old content
 * or the new one. The mode stays. A link stays a link, and its target is written.
 */
export function writeWhole(file: string, content: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  const target = there ? realpathSync(file) : file;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content);
    if (there) chmodSync(draft, there.mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
