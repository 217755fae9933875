import { readFileSync } from 'node:fs';

/** A process number alone is given again to others after its process ended. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot; empty where there is no /proc. */
  readonly start: string;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, start: startTime(pid) ?? '' };
}

/** Reads who is named in a file; nothing where there is none, or it is not whole. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startTime(identity.pid);
  return start === undefined ? identity.start === '' : start === identity.start;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses, which may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    return state === 'Z' || state === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
