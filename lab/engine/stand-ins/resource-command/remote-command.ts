import type { ClientChannel } from 'ssh2';
import { type Connection, dial } from './connection';
import { gatedExec, type Variable } from './gated-exec';
import type { Logger } from './logger';
import { type Logging, Output, TOO_LONG } from './output';

export interface RemoteCommand {
  readonly connection: Connection;
  readonly environment?: Record<string, string>;
  readonly stdin?: string;
  readonly logging?: Logging;
  readonly addPreviousOutputInEnv?: boolean;
  /** What the last create or update printed. */
  readonly stdout?: string;
  readonly stderr?: string;
}

export async function runRemotely(
  command: string,
  properties: RemoteCommand,
  logger: Logger,
): Promise<{ stdout: string; stderr: string }> {
  const client = await dial(properties.connection, logger);
  // After the handshake a broken connection shows as a channel that closes without a status.
  client.on('error', (error) => logger.status(error.message));
  try {
    const warn = (variable: Variable) =>
      logger.warn(
        `Unable to set '${variable.name}': the SSH server takes a variable only if its AcceptEnv names it. ` +
          'A shell on the other side takes it as "NAME=value command" as well.',
      );
    return await gatedExec(client, command, variables(properties), warn, (channel) =>
      finished(channel, command, properties, logger),
    );
  } finally {
    client.end();
  }
}

function variables(properties: RemoteCommand): Variable[] {
  const own = Object.entries(properties.environment ?? {}).map(([name, value]) => ({ name, value, required: true }));
  if (properties.addPreviousOutputInEnv === false) return own;
  const previous = { PULUMI_COMMAND_STDOUT: properties.stdout, PULUMI_COMMAND_STDERR: properties.stderr };
  return [
    ...own,
    ...Object.entries(previous).flatMap(([name, value]) => (value ? [{ name, value, required: false }] : [])),
  ];
}

function finished(
  channel: ClientChannel,
  command: string,
  properties: RemoteCommand,
  logger: Logger,
): Promise<{ stdout: string; stderr: string }> {
  const output = new Output(logger, properties.logging);
  return new Promise((resolve, reject) => {
    const take = (stream: 'stdout' | 'stderr') => (text: string) => {
      output.add(stream, text);
      if (!output.tooLong) return;
      reject(output.failure(TOO_LONG, command));
      channel.close();
    };
    channel.setEncoding('utf8').on('data', take('stdout'));
    channel.stderr.setEncoding('utf8').on('data', take('stderr'));
    let ending = 'wait: remote command exited without exit status or exit signal';
    let succeeded = false;
    channel.on('exit', (code: number | null, signal?: string) => {
      succeeded = code === 0;
      ending = signal
        ? `Process exited with status ${code ?? 0} from signal ${signal}`
        : `Process exited with status ${code}`;
    });
    channel.on('close', () => {
      if (succeeded) resolve(output.finish());
      else reject(output.failure(ending, command));
    });
    channel.end(properties.stdin ?? '');
  });
}
