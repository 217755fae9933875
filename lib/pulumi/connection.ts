import { UserError } from '../core/problems';
import { type Identity, identityFor } from '../nodes/ssh/identity';
import { knownHostKeys } from '../nodes/ssh/known-keys';
import type { SshTarget } from '../nodes/ssh/ssh';
import { loginCommand } from '../nodes/ssh/ssh-address';
import { type SshConfig, sshConfigOf } from '../nodes/ssh/ssh-config';

/** How Pulumi's remote commands reach a node. */
export type NodeConnection = Identity & {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
};

/**
 * Finds out how to reach a node, from the description and the user's own OpenSSH configuration. It does not connect.
 *
 * @throws UserError if a jump host or a proxy command is between, if no host key is known, or if there is no key to log
 * in with
 */
export async function connectionTo(target: SshTarget): Promise<NodeConnection> {
  const config = await sshConfigOf(target);
  const subject = `node ${target.name} (${target.ssh})`;
  if (config.proxy) {
    throw new UserError(
      `${subject} is reached through ${config.proxy}, which Pulumi's remote commands can't: ${INSTEAD}`,
      { category: 'usage', code: 'node-connection-unusable' },
    );
  }
  const { user, host, port } = config;
  return {
    host,
    port,
    user,
    hostKey: await hostKeyOf(target, config, subject),
    ...(await identityFor(target, config)),
  };
}

const INSTEAD = 'prepare it with "lunward nodes", and this stack with `pulumi config set nodes false`';

// Not RSA: the command plugin requests RSA signatures only with SHA-1, which sshd refuses since OpenSSH 8.8.
const usable = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];

async function hostKeyOf({ hostKey, ssh }: SshTarget, config: SshConfig, subject: string): Promise<string> {
  const keys = hostKey ? [hostKey] : await knownHostKeys(config);
  const chosen = usable.flatMap((type) => keys.find((key) => key.startsWith(`${type} `)) ?? [])[0];
  if (chosen) return chosen;
  const where = hostKey ? 'hostKey in the description' : config.knownHostsFiles.join(', ');
  if (keys.length > 0) {
    const types = keys.map((key) => key.split(' ')[0]).join(', ');
    throw new UserError(
      `${subject}: Pulumi's remote commands check Ed25519 and ECDSA host keys, and ${where} has ${types}: ` +
        "write the node's Ed25519 key into the description as hostKey; /etc/ssh/ssh_host_ed25519_key.pub there has it",
      { category: 'usage', code: 'node-connection-unusable' },
    );
  }
  throw new UserError(
    `${subject}: its host key is not in ${where}: log in once by hand with "${loginCommand(ssh)}" and compare the key with the one ` +
      'that the node shows at its own console, or write it into the description as hostKey',
    { category: 'usage', code: 'node-connection-unusable' },
  );
}
