import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from './logger';
import { type Logging, Output, TOO_LONG } from './output';

export interface LocalCommand {
  readonly interpreter?: readonly string[];
  readonly dir?: string;
  readonly environment?: Record<string, string>;
  readonly stdin?: string;
  readonly logging?: Logging;
  readonly addPreviousOutputInEnv?: boolean;
  readonly assetPaths?: readonly string[];
  readonly archivePaths?: readonly string[];
  readonly stdout?: string;
  readonly stderr?: string;
}

const running = new Set<ChildProcess>();

/** Unlike a remote command, a local one ends when the update is cancelled. */
export function endLocalCommands(): void {
  for (const child of running) child.kill('SIGKILL');
}

export function runLocally(
  command: string,
  properties: LocalCommand,
  logger: Logger,
): Promise<{ stdout: string; stderr: string }> {
  if (properties.assetPaths || properties.archivePaths) {
    throw new Error(
      "assetPaths and archivePaths are not among what lunward's stand-in for the command provider can do: " +
        'leave them out or use the official plugin. Nothing was run.',
    );
  }
  const interpreter = properties.interpreter?.length ? properties.interpreter : ['/bin/sh', '-c'];
  const [program = '', ...args] = [...interpreter, command];
  const output = new Output(logger, properties.logging);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: properties.dir, env: environment(properties) });
    running.add(child);
    child.on('error', (error) => {
      running.delete(child);
      reject(output.failure(error.message, command));
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.add('stdout', text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => output.add('stderr', text));
    child.on('close', (code, signal) => {
      running.delete(child);
      if (output.tooLong) reject(output.failure(TOO_LONG, command));
      else if (code === 0) resolve(output.finish());
      else reject(output.failure(signal ? `signal: ${signal}` : `exit status ${code}`, command));
    });
    // A command that does not read its input closes it early; that is no failure.
    child.stdin.on('error', () => {});
    child.stdin.end(properties.stdin ?? '');
  });
}

function environment(properties: LocalCommand): NodeJS.ProcessEnv {
  const previous = properties.addPreviousOutputInEnv !== false;
  return {
    ...process.env,
    ...properties.environment,
    ...(previous && properties.stdout ? { PULUMI_COMMAND_STDOUT: properties.stdout } : {}),
    ...(previous && properties.stderr ? { PULUMI_COMMAND_STDERR: properties.stderr } : {}),
  };
}
