import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Takes down what apps acknowledge: a line of an app is written with the time in milliseconds since 1970 before it, by
 * one clock for all machines. It lies outside of every machine and volume, so that a volume can't vouch for itself.
 */
export class Acknowledgements {
  private constructor(
    private readonly server: Server,
    private readonly file: FileHandle,
  ) {}

  static async listen(socketPath: string, file: string): Promise<Acknowledgements> {
    const log = await open(file, 'a', 0o600);
    const stream = log.createWriteStream();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      createInterface({ input: socket }).on('line', (line) => stream.write(`${Date.now()} ${line}\n`));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, resolve);
    });
    return new Acknowledgements(server, log);
  }

  async close(): Promise<void> {
    this.server.close();
    await this.file.close().catch(() => {});
  }
}
