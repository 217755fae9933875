import { openSsh } from './open-ssh';
import type { SshConfig } from './ssh-config';

/**
 * The public host keys that known_hosts have of a node, as `ssh-ed25519 AAAA…`: those that ssh itself would accept, but for
 * keys that a certificate authority has signed.
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

/** Under which names ssh looks for it: where it finds none with its port, without it. */
function namesOf({ host, port, hostKeyAlias }: SshConfig): string[] {
  const name = (hostKeyAlias ?? host).toLowerCase();
  return hostKeyAlias || port === 22 ? [name] : [`[${name}]:${port}`, name];
}
