import { isIP, isIPv4, isIPv6 } from 'node:net';
import { text } from './schema';

/** A portal taken apart. */
export interface Portal {
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
  if (!parts?.[1]) {
    return undefined;
  }
  const address = parts[1];
  const port = parts[2] === undefined ? defaultPortalPort : Number(parts[2]);
  const addressFits = portal.startsWith('[') ? isIPv6(address) : isIPv4(address);
  return addressFits && port <= 65535 ? { address, port } : undefined;
}

/** Whether `host` is an IP address or a host name, without a port. */
export function isHost(host: string): boolean {
  return isIP(host) !== 0 || (host.length <= 253 && hostNamePattern.test(host) && !/^[\d.]+$/.test(host));
}

/** An iSCSI portal. A host name is refused although the API server takes it: udev names the by-path link by address. */
export const portal = text(
  'an IP address and port such as "192.0.2.200:3260" or "[2001:db8::200]:3260"; ' +
    'a host name never matches the /dev/disk/by-path link that the kubelet waits for, so write the address',
  (value) => parsePortal(value) !== undefined,
);

/** A server of network shares: here host names work, since the node's own mount command resolves them. */
export const host = text('an IP address or a host name without a port', isHost);

/** An absolute path without `..`, `//` or an end in `/`, so that two spellings never hide one directory. */
export const absolutePath = text(
  'an absolute path such as "/volume1/media", without "..", "//" or "/" at its end',
  isAbsolutePath,
);

/** Whether `path` is absolute and in its shortest spelling. */
export function isAbsolutePath(path: string): boolean {
  return path === '/' || /^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path);
}
