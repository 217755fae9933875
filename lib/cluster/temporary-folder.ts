import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Signals that, without a listener, end the process without an 'exit' event. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const present = new Set<string>();

/**
 * Makes a folder that only this user can read. It is removed when the process ends, also after Ctrl-C, a closed
 * terminal or an uncaught error. Only SIGKILL leaves it behind.
 *
 * @param above folder to make it in. Default: the system's folder for temporary files
 */
export function makeTemporaryFolder(above = tmpdir()): string {
  // Listen before the folder exists, so that a signal in between is handled.
  if (present.size === 0) listen();
  const folder = mkdtempSync(join(above, 'lunward-'));
  present.add(folder);
  return folder;
}

/** Removes one temporary folder before the process ends. */
export function removeTemporaryFolder(folder: string): void {
  remove(folder);
  present.delete(folder);
  if (present.size === 0) stopListening();
}

/** Removes all temporary folders. Call it as the last action of a process. */
export function removeTemporaryFolders(): void {
  for (const folder of present) remove(folder);
  present.clear();
}

// Removal can fail because a running program adds a file meanwhile. It does not throw: a process that is ending has no
// caller.
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  } catch (error) {
    console.error(`The temporary folder ${folder} can't be removed: ${(error as Error).message}`);
  }
}

function listen(): void {
  process.on('exit', removeTemporaryFolders);
  // This listener runs first: a one-time listener is removed when it runs, and would then not be counted.
  for (const signal of signals) process.prependListener(signal, endBySignal);
}

function stopListening(): void {
  process.off('exit', removeTemporaryFolders);
  for (const signal of signals) process.off(signal, endBySignal);
}

/** A prompt puts the terminal into raw mode; if it stayed so, the shell would not show what the user types. */
function leaveRawMode(): void {
  const { stdin } = process;
  if (!stdin.isRaw) return;
  // The terminal may be gone.
  stdin.on('error', () => {});
  stdin.setRawMode(false);
}

/**
 * Ends the process by the same signal, as without a listener, so that a shell sees which signal it was. If there is
 * another listener, that one decides how the process ends.
 */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeTemporaryFolders();
  stopListening();
  leaveRawMode();
  process.kill(process.pid, signal);
}
