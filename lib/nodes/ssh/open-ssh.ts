import { spawn } from 'node:child_process';
import { UnreachableError } from '../../core/problems';

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What ssh itself ends with when it is what failed: ssh(1), EXIT STATUS. */
export const SSH_FAILED = 255;

/** What a program of OpenSSH is given beside its arguments. */
export interface OpenSshOptions {
  /** Beside the environment of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** For its stdin. */
  readonly input?: string;
}

/**
 * Runs a program of OpenSSH to its end.
 *
 * @throws UnreachableError when it is not there
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
    // Killed by a signal, it has no code of its own.
    child.once('close', (code) => resolve({ code: code ?? SSH_FAILED, stdout, stderr }));
    // It may have ended before it has read everything; why is in stderr.
    child.stdin.once('error', () => {});
    child.stdin.end(input);
  });
}

function missing(program: string): UnreachableError {
  return new UnreachableError(`there is no ${program} on the PATH: install OpenSSH, with which nodes are reached`);
}
