import { readFileSync } from 'node:fs';

/** Whether a process is running. A zombie, which has ended but was not waited for, is not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
