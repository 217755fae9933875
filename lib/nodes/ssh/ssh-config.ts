import { homedir, userInfo } from 'node:os';
import { UserError } from '../../core/problems';
import { openSsh } from './open-ssh';
import type { SshTarget } from './ssh';
import { parseSshAddress } from './ssh-address';

/** What the user's OpenSSH configuration says about a node. */
export interface SshConfig {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** The node's name in known_hosts, if it differs from its address. */
  readonly hostKeyAlias?: string;
  readonly knownHostsFiles: readonly string[];
  /** Private key files in the order in which ssh tries them. Some may not exist. */
  readonly identityFiles: readonly string[];
  /** Use only those keys of an agent that are in the identity files. */
  readonly identitiesOnly: boolean;
  /** A socket, `none`, `SSH_AUTH_SOCK`, or a variable with a leading `$`. Default: the socket in SSH_AUTH_SOCK. */
  readonly identityAgent?: string;
  /** The hop between here and the node: `ProxyJump bastion.example.com`. */
  readonly proxy?: string;
}

/**
 * Asks ssh what it would do to reach a node. Does not connect.
 *
 * @throws UserError if the configuration of ssh has an error
 * @throws UnreachableError if ssh is not installed
 */
export async function sshConfigOf({ name, ssh }: SshTarget): Promise<SshConfig> {
  const { user, host, port } = parseSshAddress(ssh);
  const args = ['-G', '-T', ...(port ? ['-p', String(port)] : []), '-l', user, '--', host];
  const { code, stdout, stderr } = await openSsh('ssh', args);
  if (code === 0) return parseSshConfig(stdout);
  throw new UserError(
    `node ${name} (${ssh}): ssh can't read its configuration: ${stderr.trim()}. Mend it, and see that "ssh -G ${host}" prints it`,
    { category: 'unreachable', code: 'node-connection-unusable' },
  );
}

/** Parses the output of `ssh -G`: one line for each setting, or for each of its values. */
export function parseSshConfig(text: string): SshConfig {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  const one = (name: string) => settings.get(name)?.[0];
  const files = (name: string) => one(name)?.split(' ') ?? [];
  const hop = (['ProxyJump', 'ProxyCommand'] as const).find((name) => (one(name.toLowerCase()) ?? 'none') !== 'none');
  const [user = '', host = ''] = [one('user'), one('hostname')];
  return {
    user,
    host,
    port: Number(one('port')),
    hostKeyAlias: one('hostkeyalias'),
    knownHostsFiles: [...files('userknownhostsfile'), ...files('globalknownhostsfile')],
    identityFiles: (settings.get('identityfile') ?? []).map((file) => expand(file, user, host)),
    identitiesOnly: one('identitiesonly') === 'yes',
    identityAgent: one('identityagent'),
    proxy: hop && `${hop} ${one(hop.toLowerCase())}`,
  };
}

/**
 * Of all files, ssh prints only those of identities unexpanded, as they are in the configuration: ssh_config(5),
 * TOKENS.
 */
function expand(file: string, user: string, host: string): string {
  const tokens: Readonly<Record<string, string>> = {
    '%%': '%',
    '%d': homedir(),
    '%h': host,
    '%r': user,
    '%u': userInfo().username,
  };
  return file.replace(/^~(?=\/)/, homedir()).replace(/%./g, (token) => tokens[token] ?? token);
}
