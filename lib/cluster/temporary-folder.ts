import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Signals that end a process which does not listen to them, without its 'exit' event. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const present = new Set<string>();

/**
 * Makes a folder that only this user can read. It is removed when the process ends, also by Ctrl-C, by a closed terminal or by
 * an error that no one catches; only SIGKILL leaves it.
 *
 * @param above The folder to make it in. Default: the system's for temporary files.
 */
export function makeTemporaryFolder(above = tmpdir()): string {
  // Before the folder is made: a signal in between finds the listeners there.
  if (present.size === 0) listen();
  const folder = mkdtempSync(join(above, 'lunward-'));
  present.add(folder);
  return folder;
}

/** Removes one before the process ends. */
export function removeTemporaryFolder(folder: string): void {
  remove(folder);
  present.delete(folder);
  if (present.size === 0) stopListening();
}

/** Removes all of them: the last thing that a process does. */
export function removeTemporaryFolders(): void {
  for (const folder of present) remove(folder);
  present.clear();
}

// A program that still runs may put a file there in the meantime; and a process that ends has nobody to tell.
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  } catch (error) {
    console.error(`The temporary folder ${folder} can't be removed: ${(error as Error).message}`);
  }
}

function listen(): void {
  process.on('exit', removeTemporaryFolders);
  // First, while a listener that is asked once is still counted.
  for (const signal of signals) process.prependListener(signal, endBySignal);
}

function stopListening(): void {
  process.off('exit', removeTemporaryFolders);
  for (const signal of signals) process.off(signal, endBySignal);
}

/** A question has the terminal in it, and a shell would be left with a terminal that shows nothing of what is typed. */
function leaveRawMode(): void {
  const { stdin } = process;
  if (!stdin.isRaw) return;
  // The terminal may be gone.
  stdin.on('error', () => {});
  stdin.setRawMode(false);
}

/** Ends as without a listener, so that a shell sees which signal it was. Where another listener is, that one decides. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeTemporaryFolders();
  stopListening();
  leaveRawMode();
  process.kill(process.pid, signal);
}
