/** A machine with the ports of the host that lead to it. */
interface Reached {
  readonly name: string;
  readonly address: string;
  readonly ports: Readonly<Record<number, number>>;
}

/**
 * A configuration of OpenSSH with which `ssh admin@192.0.2.210` reaches the machine of that address, and none but these
 * machines: the user's own configuration counts for nothing.
 *
 * @param keys the folder with `id` and `known_hosts`
 */
export function sshConfig(machines: readonly Reached[], keys: string): string {
  return machines
    .map(({ name, address, ports }) =>
      [
        `Host ${name} ${address}`,
        '  HostName 127.0.0.1',
        `  Port ${ports[22]}`,
        `  HostKeyAlias ${name}`,
        `  IdentityFile "${keys}/id"`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile "${keys}/known_hosts"`,
        '  GlobalKnownHostsFile /dev/null',
        '  StrictHostKeyChecking yes',
        '  LogLevel ERROR',
        '',
      ].join('\n'),
    )
    .join('\n');
}
