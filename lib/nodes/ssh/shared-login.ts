import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../cluster/temporary-folder';
import { pollUntil } from '../../core/poll-until';
import { type Ended, SSH_FAILED } from './open-ssh';

/**
 * One login to a node that all scripts of this process share: each script is a session of it. A login takes longer than
 * a short script, and the node logs each one. See ControlMaster in ssh_config(5).
 */
export class SharedLogin {
  private login?: Login;

  /**
   * Returns the options for a session of the shared login. Logs in if there is no login or it has ended. If sharing
   * fails, for example because the node allows only one session, ssh logs in for each session.
   *
   * @param toArguments makes the arguments of an ssh with more options that runs a command
   */
  async open(toArguments: (options: readonly string[], command: string) => readonly string[]): Promise<OpenedLogin> {
    if (!this.login || this.login.ended) this.login = new Login(toArguments);
    return this.login.opened();
  }
}

/** A login that can be shared, or the result of a failed login. */
export type OpenedLogin = { readonly options: readonly string[] } | { readonly failed: Ended };

class Login {
  private readonly socket = newSocket();
  private readonly child: ChildProcess;
  private stderr = '';
  /** Exit code after the login has ended. */
  private code?: number;

  constructor(toArguments: (options: readonly string[], command: string) => readonly string[]) {
    const options = ['ControlMaster=yes', 'ControlPersist=no', this.path];
    // `cat` ends with its input, so the login ends when this process is gone, however it ended.
    this.child = spawn('ssh', toArguments(options, 'cat'), { stdio: ['pipe', 'ignore', 'pipe'] });
    // If ssh is missing, the program that starts a session reports it.
    this.child.once('error', () => {});
    this.child.once('close', (code) => {
      this.code = code ?? SSH_FAILED;
    });
    this.child.stdin?.once('error', () => {});
    this.child.stderr?.setEncoding('utf8').on('data', (data: string) => {
      this.stderr += data;
    });
  }

  get ended(): boolean {
    return this.code !== undefined;
  }

  async opened(): Promise<OpenedLogin> {
    // ssh makes the socket as soon as the node has accepted the login.
    const isOpen = () => this.ended || existsSync(this.socket);
    await pollUntil(isOpen, (seen) => seen, { everySeconds: 0.02 });
    if (this.code === SSH_FAILED) return { failed: { code: SSH_FAILED, stdout: '', stderr: this.stderr } };
    this.letProcessEnd();
    return { options: ['ControlMaster=no', this.path] };
  }

  private get path(): string {
    return `ControlPath="${this.socket.replaceAll('%', '%%')}"`;
  }

  /** Lets this process end without waiting for the login. */
  private letProcessEnd(): void {
    this.child.unref();
    for (const stream of [this.child.stdin, this.child.stderr]) (stream as { unref?(): void } | null)?.unref?.();
  }
}

let folder: string | undefined;
let sockets = 0;

/** Some systems allow 104 bytes for a socket's path (unix(4)); ssh needs 17 of them for a temporary name. */
const LONGEST_FOLDER = 60;

/** Returns a path that nothing else uses. */
function newSocket(): string {
  if (!folder) {
    const above = Buffer.byteLength(tmpdir()) > LONGEST_FOLDER ? '/tmp' : tmpdir();
    folder = makeTemporaryFolder(above);
  }
  sockets += 1;
  return join(folder, String(sockets));
}
