import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../core/problems';
import { openSsh } from './open-ssh';
import type { SshTarget } from './ssh';
import type { SshConfig } from './ssh-config';

/** With what somebody who is no ssh logs in as the user would: an agent, or the text of a private key. */
export type Identity =
  | {
      /** The agent's socket, where it is another than that of SSH_AUTH_SOCK. */
      readonly agentSocketPath?: string;
    }
  | { readonly privateKey: string };

/**
 * Chooses as ssh would: the agent where it has a key that may be used, else the first identity file that can be read
 * without a passphrase.
 *
 * @throws UserError when there is neither, or an agent that does not answer
 */
export async function identityFor({ name, ssh }: SshTarget, config: SshConfig): Promise<Identity> {
  const socket = agentSocket(config);
  if (socket && (await hasKey(socket, config, `node ${name} (${ssh})`))) {
    return socket === process.env.SSH_AUTH_SOCK ? {} : { agentSocketPath: socket };
  }
  for (const file of config.identityFiles) {
    if (existsSync(file) && (await isPlainKey(file))) return { privateKey: readFileSync(file, 'utf8') };
  }
  throw new UserError(
    `node ${name} (${ssh}): no agent has a key for it, and there is none without a passphrase in ` +
      `${config.identityFiles.join(', ') || 'a file'}: add yours to the agent with "ssh-add"`,
  );
}

function agentSocket({ identityAgent = 'SSH_AUTH_SOCK' }: SshConfig): string | undefined {
  if (identityAgent === 'none') return undefined;
  if (identityAgent === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK;
  return identityAgent.startsWith('$') ? process.env[identityAgent.slice(1)] : identityAgent;
}

async function hasKey(socket: string, config: SshConfig, subject: string): Promise<boolean> {
  const { code, stdout } = await openSsh('ssh-add', ['-L'], { environment: { SSH_AUTH_SOCK: socket } });
  if (code === 2) {
    throw new UserError(
      `${subject}: the agent at ${socket} does not answer: start it, or unset ${config.identityAgent ? 'IdentityAgent in the configuration of ssh' : 'SSH_AUTH_SOCK'}`,
    );
  }
  const keys = stdout
    .split('\n')
    .filter((line) => /^\S+ \S/.test(line) && code === 0)
    .map(publicKey);
  if (!config.identitiesOnly) return keys.length > 0;
  // The private half may be in the agent alone.
  const allowed = config.identityFiles.flatMap((file) => [file, `${file}.pub`]).filter(existsSync);
  return allowed.some((file) => keys.includes(publicKey(readFileSync(file, 'utf8'))));
}

function publicKey(line: string): string {
  return line.trim().split(' ', 2).join(' ');
}

/** Whether it has no passphrase, and no hardware that holds its other half. */
async function isPlainKey(file: string): Promise<boolean> {
  const { code, stdout } = await openSsh('ssh-keygen', ['-y', '-P', '', '-f', file]);
  return code === 0 && !stdout.startsWith('sk-');
}
