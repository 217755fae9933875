import { type Report, readReport } from '../../scripts/report';
import type { Script } from '../../scripts/script';
import type { Runner } from '../runner';
import { withKnownHost } from './known-host';
import { type Ended, openSsh } from './open-ssh';
import { SharedLogin } from './shared-login';
import { parseSshAddress } from './ssh-address';
import { failureOf } from './ssh-failure';
import { SshUnit } from './ssh-unit';

/** A node that is reached by SSH, as a description names it. */
export interface SshTarget {
  /** Name in the cluster. */
  readonly name: string;
  /** `admin@192.0.2.210`, or `admin@192.0.2.210:2222` for another port. */
  readonly ssh: string;
  /** The node's public host key. Default: the one in the user's known_hosts. */
  readonly hostKey?: string;
}

/**
 * Runs the script on stdin as root, for any user and any login shell.
 *
 * - `sudo -n`, because sudo must not wait for a password: there is no terminal.
 * - `unshare`, a mount namespace of its own: the script's mounts end with it, however it ends. What the node unmounts
 *   is unmounted there too.
 * - `cat`, because bash reads a pipe one byte at a time (`fd_to_buffered_stream` in its `input.c`), and a script has up
 *   to a hundred thousand bytes. The `eval "$(cat)"` is `$0` of the outer shell, so that no quotes are nested.
 */
const ROOT = 'unshare --mount --propagation slave -- bash -c "$0"';
export const ROOT_SHELL = `sh -c 'if [ "$(id -u)" = 0 ]; then exec ${ROOT}; else exec sudo -n -- ${ROOT}; fi' 'eval "$(cat)"'`;

const OPTIONS = [
  // There is no terminal to answer: a question fails instead.
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=15',
  // A dead connection is detected within a minute.
  'ServerAliveInterval=15',
  'ServerAliveCountMax=4',
  'ForwardAgent=no',
  'ForwardX11=no',
  'LogLevel=ERROR',
];

/**
 * Runs scripts on a node through OpenSSH, with the user's own keys, agent, configuration and known_hosts. Host keys are
 * always checked. A script is sent on stdin, so nothing of it appears on a command line, here or on the node.
 */
export class SshExecutor implements Runner {
  private readonly login = new SharedLogin();

  constructor(readonly target: SshTarget) {}

  /**
   * Runs a script to its end and returns its report.
   *
   * @throws UnreachableError as `Runner.run` does; a ConnectionLost if the node could not be reached or the connection
   * broke
   */
  async run<Facts>(script: Script<Facts>): Promise<Report<Facts>> {
    const { code, stdout, stderr } = await this.execute(script.text);
    const report = readReport(stdout, script.facts);
    if (report) return report;
    const { name, ssh, hostKey } = this.target;
    throw failureOf({ script: script.name, node: name, ssh, hostKey, code, stdout, stderr });
  }

  /** Returns a long script as a systemd unit on the node. Does not start it. See `unitName` for the name. */
  unit<Facts>(name: string, script: Script<Facts>): SshUnit<Facts> {
    return new SshUnit(this, name, script);
  }

  private async execute(text: string): Promise<Ended> {
    const { name, hostKey } = this.target;
    if (hostKey === undefined) return this.session(text);
    return withKnownHost(name, hostKey, (options) => this.session(text, options));
  }

  private async session(text: string, options: readonly string[] = []): Promise<Ended> {
    const { ssh } = this.target;
    const login = await this.login.open((more, command) => sshArguments(ssh, [...more, ...options], command));
    if ('failed' in login) return login.failed;
    return openSsh('ssh', sshArguments(ssh, [...login.options, ...options]), { input: text });
  }
}

/** Returns the arguments of `ssh` for an address in a description. If an option is given twice, ssh uses the first. */
export function sshArguments(address: string, more: readonly string[] = [], command = ROOT_SHELL): string[] {
  const { user, host, port } = parseSshAddress(address);
  const options = [...more, ...OPTIONS].flatMap((option) => ['-o', option]);
  return [...options, ...(port ? ['-p', String(port)] : []), '-l', user, '-T', '--', host, command];
}
