import path from 'node:path';
import { canonicalHost, isHost } from '../core/addresses';
import { canonicalIscsiName } from '../core/iscsi-names';

/**
 * Where a volume's bytes are: a system (a LUN, an NFS or SMB server, a node's disk), and a directory there if it has
 * directories.
 */
export interface Location {
  /** The system, as a message names it: `NFS server 192.0.2.200`. */
  readonly system: string;
  /** Absolute path of the directory. */
  readonly path?: string;
}

/** Location of a LUN. It does not depend on portal or driver, because a target's name is unique worldwide. */
export function lunLocation(iqn: string, lun: number | string): Location {
  return { system: `LUN ${lun} of ${canonicalIscsiName(iqn)}` };
}

/** Location of a server's directory. It does not depend on the driver, in-tree or CSI. */
export function exportLocation(protocol: 'NFS' | 'SMB', server: string, directory: string): Location {
  return { system: `${protocol} server ${canonicalHost(server)}`, path: path.posix.resolve('/', directory) };
}

/**
 * Location of the directory that csi-driver-nfs mounts for these attributes. The driver ignores the case of their
 * names: pkg/nfs/nodeserver.go.
 *
 * @returns `undefined` if server or share is missing
 */
export function nfsCsiLocation(attributes: Readonly<Record<string, string>> = {}): Location | undefined {
  const read = Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), value]);
  const { server, share, subdir = '' } = Object.fromEntries(read) as Readonly<Record<string, string>>;
  if (server === undefined || share === undefined) return undefined;
  // The driver replaces such placeholders, so the volume may be any directory of the share.
  return exportLocation('NFS', server, subdir.includes('${') ? share : `${share}/${subdir}`);
}

/** Location of a share `//server/directory`. SMB names are not case-sensitive. */
export function shareLocation(source: string): Location {
  const { server = source, path: directory = '/' } = parseShare(source) ?? {};
  return exportLocation('SMB', server, directory.toLowerCase());
}

/**
 * Parses the source of an SMB share.
 *
 * @returns `undefined` if it is not one
 */
export function parseShare(source: string): { server: string; path: string } | undefined {
  const parts = /^\/\/([^/\\]+)(\/[^/\\]+(?:\/[^/\\]+)*)$/.exec(source);
  return parts?.[1] && parts[2] && isHost(parts[1]) ? { server: parts[1], path: parts[2] } : undefined;
}

/** Whether two locations are equal, or one contains the other. */
export function overlaps(left: Location, right: Location): boolean {
  return (
    left.system === right.system &&
    (left.path === undefined ||
      right.path === undefined ||
      isWithin(left.path, right.path) ||
      isWithin(right.path, left.path))
  );
}

/** Describes a location for a message. */
export function describeLocation({ system, path: directory }: Location): string {
  return directory === undefined ? system : `${directory} of ${system}`;
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}
