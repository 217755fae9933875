import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A name could lead anywhere, so only addresses count, and the one name that a standard reserves. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host === 'localhost';
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/** This provider is no official one: it never drives anybody's real machine. */
export function requireLoopback(host: string, property: string): void {
  if (isLoopback(host)) return;
  throw new Error(
    `connection.${property} is ${JSON.stringify(host)}, but this is lunward's stand-in for the command provider, ` +
      'which connects to loopback addresses (127.0.0.0/8, ::1) only. Nothing was sent. To reach real machines use the ' +
      'official Pulumi and its command plugin: with both on this machine, "npm run engine" picks them.',
  );
}
