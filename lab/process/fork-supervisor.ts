import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Starts a supervisor that logs to a file. It notices through its channel when its owner is gone. */
export function forkSupervisor(script: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const supervisor = fork(script, {
    // In a process group of its own: Ctrl-C is for the owner, whose end then ends the rest in order.
    detached: true,
    // Not the owner's streams: a supervisor that lives on would keep the reader of a pipe waiting.
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  });
  closeSync(log);
  return supervisor;
}
