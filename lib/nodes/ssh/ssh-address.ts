/** The parts of a node's address in a description. */
export interface SshAddress {
  readonly user: string;
  /** Host without a port. An IPv6 address has no brackets. */
  readonly host: string;
  /** Port. Default: ssh's own configuration decides. */
  readonly port?: number;
}

/** Parses an address that a description's schema has accepted: `admin@192.0.2.210`, `admin@[2001:db8::1]:2222`. */
export function parseSshAddress(address: string): SshAddress {
  const [, user = '', ipv6, host = ipv6 ?? '', port] =
    /^([^@]+)@(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(address) ?? [];
  return { user, host, ...(port ? { port: Number(port) } : {}) };
}

/** Returns the command with which the operator logs in to the node by hand. */
export function loginCommand(address: string): string {
  const { user, host, port } = parseSshAddress(address);
  return port ? `ssh -p ${port} ${user}@${host}` : `ssh ${user}@${host}`;
}
