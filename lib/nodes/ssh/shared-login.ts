import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTemporaryFolder } from '../../cluster/temporary-folder';
import { type Ended, SSH_FAILED } from './open-ssh';

/**
 * One login to a node, which the scripts of this process share: they are sessions of it. To log in takes longer than a
 * short script, and a node writes each one down. See ControlMaster in ssh_config(5).
 */
export class SharedLogin {
  private login?: Login;

  /**
   * The options with which a session of it is begun; it is made where there is none, or none any more. Without it, as where
   * a node allows one session only, ssh logs in for each.
   *
   * @param toArguments those of an ssh with further options that runs a command
   */
  async open(toArguments: (options: readonly string[], command: string) => readonly string[]): Promise<OpenedLogin> {
    if (!this.login || this.login.ended) this.login = new Login(toArguments);
    return this.login.opened();
  }
}

/** A login that can be shared, or how making it failed. */
export type OpenedLogin = { readonly options: readonly string[] } | { readonly failed: Ended };

class Login {
  private readonly socket = newSocket();
  private readonly child: ChildProcess;
  private stderr = '';
  /** Its exit code, once it has ended. */
  private code?: number;

  constructor(toArguments: (options: readonly string[], command: string) => readonly string[]) {
    const options = ['ControlMaster=yes', 'ControlPersist=no', this.path];
    // A session that ends with its input: when this process is gone, however it ended, so is the login.
    this.child = spawn('ssh', toArguments(options, 'cat'), { stdio: ['pipe', 'ignore', 'pipe'] });
    // Where there is no ssh, whoever begins a session tells it.
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
    // It listens there as soon as the node has let it in.
    while (!this.ended && !existsSync(this.socket)) await sleep(20);
    if (this.code === SSH_FAILED) return { failed: { code: SSH_FAILED, stdout: '', stderr: this.stderr } };
    this.letProcessEnd();
    return { options: ['ControlMaster=no', this.path] };
  }

  private get path(): string {
    return `ControlPath="${this.socket.replaceAll('%', '%%')}"`;
  }

  /** What has nothing else to do must not wait for it. */
  private letProcessEnd(): void {
    this.child.unref();
    for (const stream of [this.child.stdin, this.child.stderr]) (stream as { unref?(): void } | null)?.unref?.();
  }
}

let folder: string | undefined;
let sockets = 0;

/** Some systems allow a socket's path 104 bytes (unix(4)), of which ssh takes 17 for a name that it has at first. */
const LONGEST_FOLDER = 60;

/** A path that nobody else uses. */
function newSocket(): string {
  if (!folder) {
    const above = Buffer.byteLength(tmpdir()) > LONGEST_FOLDER ? '/tmp' : tmpdir();
    folder = makeTemporaryFolder(above);
  }
  sockets += 1;
  return join(folder, String(sockets));
}
