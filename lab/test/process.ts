import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended and that nobody waited for has its number still. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
