import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { z } from 'zod';
import { text } from './schema';

/*
 * One address has many spellings. Each of them has one canonical form, made here and nowhere else: lower case, IPv6 as RFC 5952
 * writes it, IPv4 in IPv6 (`::ffff:192.0.2.200`) as IPv4, a portal always with its port.
 *
 * The canonical form is what locations are compared by and what scripts are given; values from outside (live objects, facts of
 * nodes) get it before they are compared. Manifests keep what the user wrote: where a PersistentVolume's bytes are is immutable,
 * so one that is in the cluster as `192.0.2.200` could not become `192.0.2.200:3260`, and the kubelet compares the portal as text
 * with what the node's kernel shows.
 */

/** A portal taken apart. */
export interface Portal {
  /** In its canonical form, without brackets. */
  readonly address: string;
  /** TCP port, 3260 where the portal names none. */
  readonly port: number;
}

const defaultPortalPort = 3260;
const hostNamePattern = /^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$/;

/**
 * Takes a portal apart: `192.0.2.200`, `192.0.2.200:3260` or `[2001:db8::200]:3260`; `undefined` for anything else.
 * A bare IPv6 address is none, because the kubelet adds `:3260` only to a portal without a colon
 * (Kubernetes, `pkg/volume/iscsi/iscsi.go`, `portalMounter`). Nor is a port with leading zeros: the by-path link has none.
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

/** A portal in its canonical form: `192.0.2.200:3260`, `[2001:db8::200]:3260`. What is no portal stays as it is. */
export function canonicalPortal(portal: string): string {
  const parts = parsePortal(portal);
  return parts ? `${bracketed(parts.address)}:${parts.port}` : portal;
}

/** A portal as the kubelet uses it, which adds the port to what has no colon, and nothing else (`portalMounter`). */
export function kubeletPortal(portal: string): string {
  return portal.includes(':') ? portal : `${portal}:${defaultPortalPort}`;
}

/** A host in its canonical form, without brackets: `192.0.2.200`, `2001:db8::200`, `nas.example.com`. */
export function canonicalHost(host: string): string {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!isIPv6(name) || hasZone(name)) {
    // The dot at the end of a name says only that nothing is added to it.
    return name.replace(/(?<=.)\.$/, '');
  }
  const address = new URL(`http://[${name}]`).hostname.slice(1, -1);
  const embedded = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address);
  return embedded ? dotted(embedded.slice(1)) : address;
}

/** A host as it stands before a colon: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Two groups of an IPv6 address as the IPv4 address that they are. */
function dotted(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/** Whether `host` is an IP address or a host name, without a port. */
export function isHost(host: string): boolean {
  if (hasZone(host)) return false;
  return isIP(host) !== 0 || (host.length <= 253 && hostNamePattern.test(host) && !/^[\d.]+$/.test(host));
}

function hasZone(address: string): boolean {
  return address.includes('%');
}

/** The same text, refused with the reason where it names a zone. */
export function withoutZone(schema: z.ZodType<string>): z.ZodType<string> {
  return schema.refine((value) => !hasZone(value), {
    error:
      'an address without a zone (the part after "%"); a zone names a network interface of one machine, so each node would ' +
      'reach something else, or nothing: give the NAS an address that is the same from every node',
  });
}

/**
 * An iSCSI portal. A host name is refused although the API server takes it: udev names the by-path link by address. Every spelling
 * of an address is taken, since some targets announce theirs in another than the usual one.
 */
export const portal = withoutZone(
  text(
    'an IP address and port such as "192.0.2.200:3260" or "[2001:db8::200]:3260"; ' +
      'a host name never matches the /dev/disk/by-path link that the kubelet waits for, so write the address',
    (value) => hasZone(value) || parsePortal(value) !== undefined,
  ),
);

/** A server of network shares: here host names work, since the node's own mount command resolves them. */
export const host = withoutZone(
  text('an IP address or a host name without a port', (value) => hasZone(value) || isHost(value)),
);

/** An absolute path without `..`, `//` or an end in `/`, so that two spellings never hide one directory. */
export const absolutePath = text(
  'an absolute path such as "/volume1/media", without "..", "//" or "/" at its end',
  isAbsolutePath,
);

/** Whether `path` is absolute and in its shortest spelling. */
export function isAbsolutePath(path: string): boolean {
  return path === '/' || /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path);
}
