import { openSsh } from './open-ssh';
import type { SshConfig } from './ssh-config';

/**
 * Returns the public host keys of a node in known_hosts, as `ssh-ed25519 AAAA…`: those that ssh itself would accept,
 * without keys that a certificate authority has signed.
 */
export async function knownHostKeys(config: SshConfig): Promise<readonly string[]> {
  for (const name of namesOf(config)) {
    const found = await Promise.all(
      config.knownHostsFiles.map((file) => openSsh('ssh-keygen', ['-F', name, '-f', file])),
    );
    const lines = found.flatMap(({ stdout }) => stdout.split('\n')).map((line) => line.trim().split(/\s+/));
    const revoked = new Set(lines.filter(([marker]) => marker === '@revoked').map((words) => keyIn(words.slice(1))));
    const keys = lines.filter(([first]) => first && !/^[#@]/.test(first)).map(keyIn);
    const valid = [...new Set(keys)].filter((key) => !revoked.has(key));
    if (valid.length > 0) return valid;
  }
  return [];
}

function keyIn([, type, key]: readonly string[]): string {
  return `${type} ${key}`;
}

/** Returns the names that ssh searches for: first with the port and, if there is no match, without it. */
function namesOf({ host, port, hostKeyAlias }: SshConfig): string[] {
  const name = (hostKeyAlias ?? host).toLowerCase();
  return hostKeyAlias || port === 22 ? [name] : [`[${name}]:${port}`, name];
}
