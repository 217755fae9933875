import { type Report, readReport } from '../../scripts/report';
import type { Script } from '../../scripts/script';
import type { Runner } from '../runner';
import { withKnownHost } from './known-host';
import { type Ended, openSsh } from './open-ssh';
import { SharedLogin } from './shared-login';
import { parseSshAddress } from './ssh-address';
import { failureOf } from './ssh-failure';
import { SshUnit } from './ssh-unit';

/** A node as a description names it. */
export interface SshTarget {
  /** Name in the cluster. */
  readonly name: string;
  /** `admin@192.0.2.210`, with `:2222` behind it for another port. */
  readonly ssh: string;
  /** Its public host key. Default: the one in the user's known_hosts. */
  readonly hostKey?: string;
}

/**
 * Root runs it, whoever logs in, and whatever shell he has. With -n: sudo must not wait for a password that nobody can
 * type. In a mount namespace of its own: what a script mounts ends with it, however it ends, and what the node unmounts is
 * unmounted there too. Read by `cat`: bash asks a pipe for one byte at a time (`fd_to_buffered_stream` of its `input.c`), and a
 * script has up to a hundred thousand. That is the `$0` of the shell before it, so that no quote stands within another.
 */
const ROOT = 'unshare --mount --propagation slave -- bash -c "$0"';
export const ROOT_SHELL = `sh -c 'if [ "$(id -u)" = 0 ]; then exec ${ROOT}; else exec sudo -n -- ${ROOT}; fi' 'eval "$(cat)"'`;

const OPTIONS = [
  // Nobody sits at it: what would ask fails.
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=15',
  // A connection that has died is found out within a minute.
  'ServerAliveInterval=15',
  'ServerAliveCountMax=4',
  'ForwardAgent=no',
  'ForwardX11=no',
  'LogLevel=ERROR',
];

/**
 * Runs scripts on a node through OpenSSH, with the user's own keys, agent, configuration and known_hosts. Host keys are
 * always checked. A script travels on stdin: nothing of it is on a command line, here or there.
 */
export class SshExecutor implements Runner {
  private readonly login = new SharedLogin();

  constructor(readonly target: SshTarget) {}

  /**
   * Runs a script to its end and returns its report.
   *
   * @throws UnreachableError when the script ends without a report: a ConnectionLost when the node could not be reached, or no more
   */
  async run<Facts>(script: Script<Facts>): Promise<Report<Facts>> {
    const { code, stdout, stderr } = await this.execute(script.text);
    const report = readReport(stdout, script.facts);
    if (report) return report;
    const { name, ssh, hostKey } = this.target;
    throw failureOf({ script: script.name, node: name, ssh, hostKey, code, stdout, stderr });
  }

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

/** The arguments of `ssh` for an address of a description. Of options that are given twice, ssh takes the first. */
export function sshArguments(address: string, more: readonly string[] = [], command = ROOT_SHELL): string[] {
  const { user, host, port } = parseSshAddress(address);
  const options = [...more, ...OPTIONS].flatMap((option) => ['-o', option]);
  return [...options, ...(port ? ['-p', String(port)] : []), '-l', user, '-T', '--', host, command];
}
