import { isatty } from 'node:tty';
import { removeTemporaryFolders } from '../../cluster/temporary-folder';

interface Output {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Lets a command come to its own end where no one reads any more what it prints: the reader of a pipe has gone (EPIPE), the
 * terminal was closed (EIO). Whatever it was in the middle of matters more than its output.
 *
 * @param onLost Called once for any other error, such as a full disk.
 */
export function surviveClosedOutput(outputs: readonly Output[], onLost: (error: NodeJS.ErrnoException) => void): void {
  let isLost = false;
  for (const output of outputs) {
    output.on('error', (error) => {
      if (isLost || error.code === 'EPIPE' || error.code === 'EIO') return;
      isLost = true;
      onLost(error);
    });
  }
}

/** The same for this process. Output that was lost otherwise makes it fail, once it has ended. */
export function surviveOwnClosedOutput(): void {
  surviveClosedOutput([process.stdout, process.stderr], (error) => {
    process.once('exit', () => {
      process.exitCode ||= 1;
      console.error(`The output is incomplete: ${error.message}`);
    });
  });
  endByHangup([0, 1, 2].filter((file) => isatty(file)));
}

/** Node resets its terminal as it ends, and aborts where that is gone. So such a process ends by the signal of a closed terminal. */
function endByHangup(terminals: readonly number[]): void {
  process.on('exit', () => {
    if (terminals.every((file) => isatty(file))) return;
    removeTemporaryFolders();
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}
