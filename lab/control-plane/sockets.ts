import { chmod } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';

/** What a socket's address holds without its final zero: 107 bytes on Linux, 103 on macOS. */
const LONGEST_PATH = process.platform === 'darwin' ? 103 : 107;

/** Of one server. Every connection takes two file descriptors of the supervisor, which has processes to start too. */
const MAXIMUM_CONNECTIONS = 256;

/** Fails where the system could not make a unix socket of that path. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH) return;
  throw new Error(
    `the socket ${path} would have a path of ${bytes} bytes, but the system takes ${LONGEST_PATH} at most: ` +
      'choose a folder with a shorter path (for a temporary one, set TMPDIR)',
  );
}

/** Listens on a unix socket of mode 0600. What goes wrong with single connections never ends this process. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  checkSocketPath(path);
  server.maxConnections = MAXIMUM_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // For want of file descriptors a connection can't be accepted: its client sees that, and tries again.
  server.on('error', (error) => console.error(`${path}: ${error.message}`));
  await chmod(path, 0o600);
}

/**
 * Passes bytes both ways until both ends are done. Both must be made with
 * `allowHalfOpen`: one that has said everything may still be listening.
 */
export function joinSockets(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    // Not destroyed at once: it may have bytes to deliver still.
    from.on('close', () => to.destroySoon());
  }
}
