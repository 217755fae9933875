import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { z } from 'zod';
import { text } from './schema';

/*
 * One address has many spellings. This file alone defines the canonical form: lower case; IPv6 as in RFC 5952; IPv4 in
 * IPv6 (`::ffff:192.0.2.200`) as IPv4; a portal always with its port.
 *
 * Locations are compared in canonical form, and scripts receive it. Values from outside (live objects, facts from
 * nodes) are converted before they are compared. Manifests keep what the user wrote, for two reasons: the source of a
 * PersistentVolume is immutable, so one that is in the cluster as `192.0.2.200` cannot become `192.0.2.200:3260`; and
 * the kubelet compares the portal as text with what the node's kernel shows.
 */

/** The parts of a portal. */
export interface Portal {
  /** IP address in canonical form, without brackets. */
  readonly address: string;
  /** TCP port. Default: 3260. */
  readonly port: number;
}

const defaultPortalPort = 3260;
const hostNamePattern = /^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$/;

/**
 * Parses a portal: `192.0.2.200`, `192.0.2.200:3260` or `[2001:db8::200]:3260`.
 *
 * A bare IPv6 address is refused: the kubelet adds `:3260` only to a portal without a colon (Kubernetes,
 * `pkg/volume/iscsi/iscsi.go`, `portalMounter`). A port with leading zeros is refused: the by-path link has none.
 *
 * @returns `undefined` for anything else
 */
export function parsePortal(portal: string): Portal | undefined {
  const parts = /^\[([^\]]+)\]:([1-9]\d{0,4})$/.exec(portal) ?? /^([^:]+)(?::([1-9]\d{0,4}))?$/.exec(portal);
  if (!parts?.[1] || hasZone(parts[1])) {
    return undefined;
  }
  const address = parts[1];
  const port = parts[2] === undefined ? defaultPortalPort : Number(parts[2]);
  const addressFits = portal.startsWith('[') ? isIPv6(address) : isIPv4(address);
  return addressFits && port <= 65535 ? { address: canonicalHost(address), port } : undefined;
}

/**
 * Returns a portal in canonical form: `192.0.2.200:3260`, `[2001:db8::200]:3260`. Text that is not a portal is returned
 * unchanged.
 */
export function canonicalPortal(portal: string): string {
  const parts = parsePortal(portal);
  return parts ? `${bracketed(parts.address)}:${parts.port}` : portal;
}

/**
 * Returns a portal as the kubelet uses it: with the default port added to text without a colon, and otherwise unchanged
 * (`portalMounter`).
 */
export function kubeletPortal(portal: string): string {
  return portal.includes(':') ? portal : `${portal}:${defaultPortalPort}`;
}

/** Returns a host in canonical form, without brackets: `192.0.2.200`, `2001:db8::200`, `nas.example.com`. */
export function canonicalHost(host: string): string {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!isIPv6(name) || hasZone(name)) {
    // The final dot only stops the resolver from adding a search domain.
    return name.replace(/(?<=.)\.$/, '');
  }
  const address = new URL(`http://[${name}]`).hostname.slice(1, -1);
  const embedded = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address);
  return embedded ? dotted(embedded.slice(1)) : address;
}

/** Returns a host as it is written before a port: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Converts two groups of an IPv6 address to the IPv4 address that they encode. */
function dotted(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/** Whether `host` is an IP address or a host name, without a port or a zone. */
export function isHost(host: string): boolean {
  if (hasZone(host)) return false;
  return isIP(host) !== 0 || (host.length <= 253 && hostNamePattern.test(host) && !/^[\d.]+$/.test(host));
}

function hasZone(address: string): boolean {
  return address.includes('%');
}

/** Adds a check to a schema: refuses an address with a zone, and says why. */
export function withoutZone(schema: z.ZodType<string>): z.ZodType<string> {
  return schema.refine((value) => !hasZone(value), {
    error:
      'an address without a zone (the part after "%"); a zone names a network interface of one machine, so each node would ' +
      'reach something else, or nothing: give the NAS an address that is the same from every node',
  });
}

/**
 * An iSCSI portal. The API server accepts a host name, but udev names the by-path link after the address, so a host
 * name is refused. Every spelling of an address is accepted, because some targets announce theirs in an unusual one.
 */
export const portal = withoutZone(
  text(
    'an IP address and port such as "192.0.2.200:3260" or "[2001:db8::200]:3260"; ' +
      'a host name never matches the /dev/disk/by-path link that the kubelet waits for, so write the address',
    (value) => hasZone(value) || parsePortal(value) !== undefined,
  ),
);

/** A server of network shares. A host name works here: the node's mount command resolves it. */
export const host = withoutZone(
  text('an IP address or a host name without a port', (value) => hasZone(value) || isHost(value)),
);

/** An absolute path without `..`, `//` or a final `/`, so that two spellings never hide one directory. */
export const absolutePath = text(
  'an absolute path such as "/volume1/media", without "..", "//" or "/" at its end',
  isAbsolutePath,
);

/** Whether `path` is absolute and in its shortest spelling. */
export function isAbsolutePath(path: string): boolean {
  return path === '/' || /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path);
}
