import { execFile } from 'node:child_process';
import { UserError } from '../spec/problems';

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of OpenSSH that asks nothing and connects to no node.
 *
 * @param environment beside the one of this process
 * @throws UserError when it is not there
 */
export function openSsh(
  program: 'ssh' | 'ssh-keygen' | 'ssh-add',
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...environment } };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(new UserError(`there is no ${program} on the PATH: install OpenSSH, with which nodes are reached`));
      } else {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
      }
    });
    child.stdin?.end();
  });
}
