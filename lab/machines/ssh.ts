import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientChannel } from 'ssh2';
import { quote } from '../../lib/scripts/quote';

/** Where a machine's SSH server is to be had, and what proves both sides. */
export interface SshTarget {
  readonly port: number;
  readonly privateKey: string;
  /** As in the second field of a `.pub` file. */
  readonly hostKey: string;
}

/** How a program ended. */
export interface RemoteResult {
  /** The exit code, or the signal's name. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  /** @default 120 */
  readonly timeoutSeconds?: number;
}

/** Runs programs on a machine as root, all over one connection, which is made again when it broke. */
export class Ssh {
  private client: Promise<Client> | undefined;

  constructor(
    private readonly name: string,
    private readonly target: () => SshTarget | Promise<SshTarget>,
  ) {}

  /** Waits until the machine answers. */
  async whenUp(timeoutSeconds: number): Promise<void> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      try {
        await this.connected();
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw new Error(
            `${this.name} does not answer over SSH after ${timeoutSeconds} s: ${(error as Error).message}`,
          );
        }
        await sleep(200);
      }
    }
  }

  /** Runs a program to its end. Every argument reaches it as it is. */
  async run(program: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RemoteResult> {
    const client = await this.connected();
    const command = [program, ...args].map(quote).join(' ');
    const { timeoutSeconds = 120 } = options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        fail(new Error(`not ended after ${timeoutSeconds} s`));
      }, timeoutSeconds * 1000);
      const fail = (error: Error) => {
        clearTimeout(timer);
        client.off('close', lost);
        reject(new Error(`${this.name}: ${command}: ${error.message}`));
      };
      const lost = () => fail(new Error('the connection was lost'));
      client.once('close', lost);
      client.exec(command, (error, channel) => {
        if (error) return fail(error);
        collect(channel, options.stdin).then((result) => {
          clearTimeout(timer);
          client.off('close', lost);
          resolve(result);
        }, fail);
      });
    });
  }

  /** The next call makes a new connection. */
  close(): void {
    const client = this.client;
    this.client = undefined;
    client?.then(
      (open) => open.destroy(),
      () => {},
    );
  }

  private connected(): Promise<Client> {
    if (this.client) return this.client;
    const connection = this.connect();
    const forget = () => {
      if (this.client === connection) this.client = undefined;
    };
    connection.then((client) => client.once('close', forget), forget);
    this.client = connection;
    return connection;
  }

  private async connect(): Promise<Client> {
    const target = await this.target();
    return new Promise((resolve, reject) => {
      const client = new Client();
      client.once('ready', () => resolve(client));
      client.on('error', reject);
      client.once('close', () => reject(new Error('the connection was closed')));
      client.connect({
        host: '127.0.0.1',
        port: target.port,
        username: 'root',
        privateKey: target.privateKey,
        hostVerifier: (key: Buffer) => key.toString('base64') === target.hostKey,
        readyTimeout: 20_000,
        // A machine that went away does not say so.
        keepaliveInterval: 5000,
        keepaliveCountMax: 6,
        algorithms: { serverHostKey: ['ssh-ed25519'], cipher: ['aes128-gcm@openssh.com', 'aes128-ctr'] },
      });
    });
  }
}

function collect(channel: ClientChannel, stdin: string | Buffer | undefined): Promise<RemoteResult> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let code: number | string = 'unknown';
    channel.on('data', (data: Buffer) => stdout.push(data));
    channel.stderr.on('data', (data: Buffer) => stderr.push(data));
    channel.on('exit', (exit: number | null, signal?: string) => {
      code = exit ?? signal ?? 'unknown';
    });
    channel.on('close', () => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    channel.on('error', () => {});
    channel.end(stdin ?? '');
  });
}
