import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { makeTemporaryFolder, removeTemporaryFolder } from '../cluster/temporary-folder';
import { UserError } from '../core/problems';

/** How a run of `pulumi` ended. */
export interface EngineRun {
  /** The exit code; `undefined` if a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the user's own `pulumi`, with Lunward's environment.
 *
 * It gets a session of its own, and files for its output, so that an update runs to its end and unlocks its stack even
 * if the process that started it is gone. The Automation API runs the engine with a pipe: when the reader is killed,
 * the engine's next line is its last, in the middle of an update; and Ctrl-C cancels an update that should run to its
 * end.
 *
 * @throws UserError if there is no `pulumi` on the PATH
 */
export async function runPulumi(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<EngineRun> {
  const outputs = [openNameless(), openNameless()] as const;
  try {
    const code = await new Promise<number | undefined>((resolve, reject) => {
      const child = spawn('pulumi', [...args, '--non-interactive', '--color', 'never'], {
        cwd: folder,
        detached: true,
        stdio: ['ignore', ...outputs],
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true', ...environment },
      });
      child.on('error', (error) => reject(asUserError(error)));
      child.on('close', (status) => resolve(status ?? undefined));
    });
    const [stdout, stderr] = [contentOf(outputs[0]), contentOf(outputs[1])];
    return { code, stdout, stderr };
  } finally {
    outputs.forEach(closeSync);
  }
}

// A file without a name needs no removal.
function openNameless(): number {
  const folder = makeTemporaryFolder();
  const file = openSync(path.join(folder, 'output'), 'w+', 0o600);
  removeTemporaryFolder(folder);
  return file;
}

function contentOf(file: number): string {
  const content = Buffer.alloc(fstatSync(file).size);
  // The file offset is shared with the engine and is at the end, so every read gives its position.
  for (let read = 0; read < content.length; ) read += readSync(file, content, read, content.length - read, read);
  return content.toString();
}

function asUserError(error: NodeJS.ErrnoException): Error {
  return error.code === 'ENOENT'
    ? new UserError('There is no `pulumi` on the PATH: https://www.pulumi.com/docs/install/ says how to get it', {
        cause: error,
        code: 'program-missing',
      })
    : error;
}
