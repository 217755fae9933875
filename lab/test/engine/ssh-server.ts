import { spawn } from 'node:child_process';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type Connection, Server, type ServerChannel, type Session, utils } from 'ssh2';
import { serveFiles } from './sftp-server';

const PASSWORD = 'correct horse';

/** An SSH server on the loopback that runs commands as this user and records its requests. */
export class SshServer {
  /** Commands in the order of their start. */
  readonly commands: string[] = [];
  connections = 0;
  /** Answers every command with its start, output and end in one piece, without running it. */
  answersAtOnce = false;
  private readonly clients = new Set<Connection>();

  private constructor(
    private readonly server: Server,
    private readonly environment: NodeJS.ProcessEnv,
    readonly port: number,
    /** In the format of a `known_hosts` file. */
    readonly hostKey: string,
    readonly privateKey: string,
  ) {}

  /**
   * Starts a server.
   *
   * @param acceptEnv names of the variables that it accepts, as in sshd's setting of that name. Default: none
   * @param environment of every command; its PATH decides which programs there are. Default: only this process's PATH
   */
  static async start(
    acceptEnv: readonly string[] = [],
    environment: NodeJS.ProcessEnv = { PATH: process.env.PATH },
  ): Promise<SshServer> {
    const host = utils.generateKeyPairSync('ed25519');
    const user = utils.generateKeyPairSync('ed25519');
    const server = new Server({ hostKeys: [host.private] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const result = new SshServer(server, environment, port, host.public, user.private);
    const allowed = utils.parseKey(user.public);
    if (allowed instanceof Error) throw allowed;
    server.on('connection', (client) => result.greet(client, allowed.getPublicSSH(), acceptEnv));
    return result;
  }

  /** The matching `connection` input. */
  get connection(): Record<string, unknown> {
    return {
      host: '127.0.0.1',
      port: this.port,
      user: 'admin',
      privateKey: this.privateKey,
      hostKey: this.hostKey,
      dialErrorLimit: 0,
    };
  }

  get password(): string {
    return PASSWORD;
  }

  forget(): void {
    this.commands.length = 0;
    this.connections = 0;
    this.answersAtOnce = false;
  }

  stop(): Promise<void> {
    for (const client of this.clients) client.end();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private greet(client: Connection, allowed: Buffer, acceptEnv: readonly string[]): void {
    this.connections++;
    this.clients.add(client);
    client.on('close', () => this.clients.delete(client));
    client.on('error', () => this.clients.delete(client));
    client.on('authentication', (attempt) => {
      const key = attempt.method === 'publickey' && attempt.key.data.equals(allowed);
      const password = attempt.method === 'password' && attempt.password === PASSWORD;
      if (key || password) attempt.accept();
      else attempt.reject(['publickey', 'password']);
    });
    client.on('session', (accept) => this.serve(client, accept(), acceptEnv));
    client.on('tcpip', (accept, reject, info) => {
      const socket = connect(info.destPort, info.destIP, () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
      });
      socket.on('error', () => reject());
    });
  }

  private serve(client: Connection, session: Session, acceptEnv: readonly string[]): void {
    const env: Record<string, string> = {};
    session.on('env', (accept, reject, info) => {
      if (!acceptEnv.includes(info.key)) return reject?.();
      env[info.key] = info.val;
      accept?.();
    });
    session.on('exec', (accept, _reject, info) => {
      this.commands.push(info.command);
      if (this.answersAtOnce) answerAtOnce(client, accept);
      else runCommand(info.command, { ...this.environment, ...env }, accept());
    });
    session.on('sftp', (accept) => serveFiles(accept()));
  }
}

/** Sends start, output, status and end of a command in one piece, as a fast command on a busy machine does. */
function answerAtOnce(client: Connection, accept: () => ServerChannel): void {
  const { _sock: socket } = client as unknown as { _sock: Socket };
  socket.cork();
  const channel = accept();
  channel.write('at once\n');
  channel.exit(0);
  channel.end();
  setImmediate(() => socket.uncork());
}

function runCommand(command: string, env: NodeJS.ProcessEnv, channel: ServerChannel): void {
  const child = spawn('/bin/sh', ['-c', command], { env });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('close', (code, signal) => {
    if (signal) channel.exit(signal.replace('SIG', ''));
    else channel.exit(code ?? 0);
    channel.end();
  });
}
