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
 * @returns those that something could not be written to; it grows
 */
export function surviveClosedOutput<Stream extends Output>(
  outputs: readonly Stream[],
  onLost: (error: NodeJS.ErrnoException) => void,
): ReadonlySet<Stream> {
  const closed = new Set<Stream>();
  let isLost = false;
  for (const output of outputs) {
    output.on('error', (error) => {
      closed.add(output);
      if (isLost || error.code === 'EPIPE' || error.code === 'EIO') return;
      isLost = true;
      onLost(error);
    });
  }
  return closed;
}

/**
 * The same for this process. Output that was lost otherwise makes it fail, once it has ended.
 *
 * @returns whether stderr has lost its reader
 */
export function surviveOwnClosedOutput(): () => boolean {
  const wasTerminal = isatty(2);
  const closed = surviveClosedOutput([process.stdout, process.stderr], (error) => {
    process.once('exit', () => {
      process.exitCode ||= 1;
      console.error(`The output is incomplete: ${error.message}`);
    });
  });
  endByHangup([0, 1, 2].filter((file) => isatty(file)));
  return () => closed.has(process.stderr) || (wasTerminal && !isatty(2));
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
