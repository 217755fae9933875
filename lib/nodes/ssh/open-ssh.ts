import { spawn } from 'node:child_process';
import { UnreachableError } from '../../core/problems';

/** Result of a program. */
export interface Ended {
  /** Exit code; {@link SSH_FAILED} if a signal killed the program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit code of ssh if ssh itself failed: ssh(1), EXIT STATUS. */
export const SSH_FAILED = 255;

/** What an OpenSSH program gets in addition to its arguments. */
export interface OpenSshOptions {
  /** Variables in addition to this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Text for stdin. Default: none. */
  readonly input?: string;
}

/**
 * Runs an OpenSSH program to its end.
 *
 * @throws UnreachableError if the program is not installed
 */
export function openSsh(
  program: 'ssh' | 'ssh-keygen' | 'ssh-add',
  args: readonly string[],
  { environment = {}, input = '' }: OpenSshOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...environment } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      stdout += data;
    });
    child.stderr.setEncoding('utf8').on('data', (data: string) => {
      stderr += data;
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? missing(program) : error));
    // A program that was killed by a signal has no exit code.
    child.once('close', (code) => resolve({ code: code ?? SSH_FAILED, stdout, stderr }));
    // The program may end before it has read everything. The reason is in stderr.
    child.stdin.once('error', () => {});
    child.stdin.end(input);
  });
}

function missing(program: string): UnreachableError {
  return new UnreachableError(`there is no ${program} on the PATH: install OpenSSH, with which nodes are reached`);
}
