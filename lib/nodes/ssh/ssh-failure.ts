import { UnanswerableError, UnreachableError } from '../../core/problems';
import { SSH_FAILED } from './open-ssh';
import { loginCommand, parseSshAddress } from './ssh-address';

/** The connection to a node failed or broke. It may work again in a minute. */
export class ConnectionLost extends UnreachableError {}

/** A script that ended without a report. */
export interface Failure {
  readonly script: string;
  readonly node: string;
  readonly ssh: string;
  /** The host key in the description, if there is one. */
  readonly hostKey?: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A message, and what to do about it. `<ssh>` stands for the command to log in by hand, `<host>` for the node's name in
 * known_hosts.
 */
type Causes = readonly (readonly [RegExp, string])[];

const NO_ANSWER = /Connection refused|Connection timed out|No route to host|Network is unreachable|Operation timed out/;

/** Messages of ssh itself, before it ran anything. */
const causesOfSsh: Causes = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'its host key is another one than in known_hosts: if the node was reinstalled, remove the old key with ' +
      '"ssh-keygen -R <host>" and log in once by hand; otherwise another machine answers at its address',
  ],
  [
    /Host key verification failed|No .* host key is known/,
    'its host key is not in known_hosts: log in once by hand with "<ssh>", and compare the key with the one that the ' +
      'node shows at its own console',
  ],
  [
    /Permission denied \(/,
    'it does not accept your key: see that "<ssh>" logs in without a question; a key with a passphrase must be in the ' +
      'agent ("ssh-add")',
  ],
  [/Could not resolve hostname/, 'its name can not be resolved: give its address in the description'],
  [NO_ANSWER, 'it does not answer: see that it is up, and that the address and port in the description are right'],
];

/** Messages of ssh itself if the description names the host key. */
const causesOfDescribedKey: Causes = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|No .* host key is known|no matching host key type/,
    'its host key is another one than the hostKey of the description: if the node was reinstalled, write the key there ' +
      'that the node shows at its own console; otherwise another machine answers at its address',
  ],
];

/** Messages of the node if it could not start the script. */
const causesOfNode: Causes = [
  [
    /sudo: (a password is required|.*no tty|.*a terminal is required)/,
    'sudo asks for a password there: allow this user to use sudo without one (NOPASSWD in /etc/sudoers.d), or log in as root',
  ],
  [/sudo: (command )?not found|exec: sudo: not found/, 'it has no sudo: install it, or log in as root'],
  [
    /is not in the sudoers file|may not run sudo/,
    'this user may not use sudo there: add it to /etc/sudoers.d, or log in as root',
  ],
  [/bash: not found|bash: No such file/, 'it has no bash, which every script needs: install it'],
];

/**
 * Makes the error for a script without a report: what was tried and on which node, what was found, and what to do next.
 */
export function failureOf(failure: Failure): UnreachableError {
  const { script, node, ssh, hostKey, code, stdout, stderr } = failure;
  const subject = `${script} on node ${node} (${ssh})`;
  // ssh's own messages count only with its own exit code: a script may print the same about its own connections.
  const described = hostKey === undefined ? [] : causesOfDescribedKey;
  const causes = code === SSH_FAILED ? [...described, ...causesOfSsh, ...causesOfNode] : causesOfNode;
  const [pattern, cause] = causes.find(([one]) => one.test(stderr)) ?? [];
  if (cause) {
    const { host, port } = parseSshAddress(ssh);
    const known = port ? `[${host}]:${port}` : host;
    const text = `${subject} did not begin: ${cause.replaceAll('<ssh>', loginCommand(ssh)).replaceAll('<host>', known)}`;
    return pattern === NO_ANSWER ? new ConnectionLost(text) : new UnreachableError(text);
  }
  if (code === SSH_FAILED) {
    return new ConnectionLost(
      `${subject}: the connection ended before its report came. ${REPEATABLE}${said(stdout, stderr)}`,
    );
  }
  return new UnanswerableError(
    `${subject} ended with ${code} and without a report. ${REPEATABLE}${said(stdout, stderr)}`,
  );
}

const REPEATABLE = 'Scripts undo what they opened and can be run again: run the command again.';

const LINES = 10;

function said(stdout: string, stderr: string): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter(Boolean).slice(-LINES);
  return lines.length > 0 ? `\nIts last words:\n${lines.map((line) => `  ${line}`).join('\n')}` : '';
}
