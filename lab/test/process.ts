import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Whether a process is running. A zombie, which has ended but was not waited for, is not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Which of these processes runs a program. */
export function runningProgram(pids: readonly number[], program: string): number {
  const found = pids.find((pid) => {
    const [name = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return path.basename(name) === program;
  });
  if (!found) throw new Error(`none of the processes ${pids.join(', ')} runs ${program}`);
  return found;
}
