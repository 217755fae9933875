import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../core/problems';
import { openSsh } from './open-ssh';
import type { SshTarget } from './ssh';
import type { SshConfig } from './ssh-config';

/** What a program other than ssh uses to log in as the user would: an agent, or the text of a private key. */
export type Identity =
  | {
      /** The agent's socket, if it differs from SSH_AUTH_SOCK. */
      readonly agentSocketPath?: string;
    }
  | { readonly privateKey: string };

/**
 * Chooses as ssh would: the agent if it has an allowed key, else the first identity file that can be read without a
 * passphrase.
 *
 * @throws UserError if there is neither, or the agent does not respond
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
    { category: 'unreachable', code: 'no-ssh-key' },
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
      { category: 'unreachable', code: 'no-ssh-key' },
    );
  }
  const keys = stdout
    .split('\n')
    .filter((line) => /^\S+ \S/.test(line) && code === 0)
    .map(publicKey);
  if (!config.identitiesOnly) return keys.length > 0;
  // The private key may exist only in the agent.
  const allowed = config.identityFiles.flatMap((file) => [file, `${file}.pub`]).filter(existsSync);
  return allowed.some((file) => keys.includes(publicKey(readFileSync(file, 'utf8'))));
}

function publicKey(line: string): string {
  return line.trim().split(' ', 2).join(' ');
}

/** Whether a key file has no passphrase and needs no security key. */
async function isPlainKey(file: string): Promise<boolean> {
  const { code, stdout } = await openSsh('ssh-keygen', ['-y', '-P', '', '-f', file]);
  return code === 0 && !stdout.startsWith('sk-');
}
