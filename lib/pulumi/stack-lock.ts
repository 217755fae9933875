import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EngineRun } from './engine';
import { backendFolder, type StackPlace } from './file-backend';

/** An engine that has locked a stack. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly at: string;
}

/** Whether an update did nothing because another update is running, or because its engine was killed while it ran. */
export function isLockedOut({ code, stdout, stderr }: EngineRun): boolean {
  return code !== 0 && /the stack is currently locked by|\[409\] Conflict: Another update/.test(stdout + stderr);
}

/**
 * Who has locked a stack, according to an engine that was locked out. Empty with the Pulumi service, which does not
 * say.
 */
export function holdersNamed({ stdout, stderr }: EngineRun): LockHolder[] {
  const told = (stdout + stderr).matchAll(/created by (.+)@([^\s@]+) \(pid (\d+)\) at ([^\s"\\]+)/g);
  return [...told].map(([, user = '', host = '', pid, at = '']) => ({ user, host, pid: Number(pid), at }));
}

/** For messages: `anna@laptop (process 123) since 2026-11-29T02:39:47Z`. */
export function describeHolder({ user, host, pid, at }: LockHolder): string {
  return `${user}@${host} (process ${pid}) since ${at}`;
}

/** Who has locked a stack whose state is in a folder on this machine. A preview takes no lock, and reports none. */
export async function lockHolders(place: StackPlace): Promise<LockHolder[]> {
  const { project, stack } = place;
  const backend = backendFolder(place);
  if (!backend) return [];
  const root = path.join(backend, 'locks');
  const folders = [path.join(root, 'organization', project, stack), path.join(root, stack)];
  return (await Promise.all(folders.map(locksIn))).flat();
}

async function locksIn(folder: string): Promise<LockHolder[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
  // An engine that ends meanwhile removes its file.
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => undefined)));
  return texts.flatMap((text) => {
    if (!text) return [];
    const { username, hostname: host, pid, timestamp } = JSON.parse(text) as Record<string, string>;
    return { user: username ?? '', host: host ?? '', pid: Number(pid), at: timestamp ?? '' };
  });
}

/** Whether an engine is proven dead. An engine on another machine never is. */
export async function isDead({ host, pid }: LockHolder): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return !(await isEngine(pid));
}

/** After a reboot the number may belong to another process. */
async function isEngine(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]);
    return /\bpulumi\b/.test(stdout) && !stdout.includes('<defunct>');
  } catch (error) {
    // `ps` exits with 1 if there is no such process. Without `ps` nothing is proven.
    return (error as { readonly code?: unknown }).code !== 1;
  }
}
