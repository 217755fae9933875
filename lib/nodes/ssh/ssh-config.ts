import { homedir, userInfo } from 'node:os';
import { UserError } from '../../core/problems';
import { openSsh } from './open-ssh';
import type { SshTarget } from './ssh';
import { parseSshAddress } from './ssh-address';

/** What the user's configuration of OpenSSH says about a node. */
export interface SshConfig {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** Its name in known_hosts, where that is another one than its address. */
  readonly hostKeyAlias?: string;
  readonly knownHostsFiles: readonly string[];
  /** Private keys that would be tried, in this order; not all of them exist. */
  readonly identityFiles: readonly string[];
  /** No keys of an agent but those of the identity files. */
  readonly identitiesOnly: boolean;
  /** A socket, `none`, `SSH_AUTH_SOCK`, or a variable with a `$` before it. Default: that of SSH_AUTH_SOCK. */
  readonly identityAgent?: string;
  /** What stands between: `ProxyJump bastion.example.com`. */
  readonly proxy?: string;
}

/**
 * Has ssh say what it would do to reach a node. It does not connect.
 *
 * @throws UserError when there is no ssh, or a mistake in its configuration
 */
export async function sshConfigOf({ name, ssh }: SshTarget): Promise<SshConfig> {
  const { user, host, port } = parseSshAddress(ssh);
  const args = ['-G', '-T', ...(port ? ['-p', String(port)] : []), '-l', user, '--', host];
  const { code, stdout, stderr } = await openSsh('ssh', args);
  if (code === 0) return parseSshConfig(stdout);
  throw new UserError(
    `node ${name} (${ssh}): ssh can't read its configuration: ${stderr.trim()}. Mend it, and see that "ssh -G ${host}" prints it`,
  );
}

/** Reads what `ssh -G` prints: a line for each setting, or each of its values. */
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

/** Alone of all files, ssh prints those of identities as they stand in the configuration: ssh_config(5), TOKENS. */
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
