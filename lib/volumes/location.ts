import path from 'node:path';
import { canonicalHost, isHost } from '../core/addresses';
import { canonicalIscsiName } from '../core/iscsi-names';

/** Where a volume's bytes are: a system (a LUN, a server's shares, a node's disk), and a directory in it where it has some. */
export interface Location {
  readonly system: string;
  readonly path?: string;
}

/** A LUN, whichever portal or driver reaches it: the target's name is unique in the world. */
export function lunLocation(iqn: string, lun: number | string): Location {
  return { system: `LUN ${lun} of ${canonicalIscsiName(iqn)}` };
}

/** A directory of a server, whether mounted in-tree or by a CSI driver. */
export function exportLocation(protocol: 'NFS' | 'SMB', server: string, directory: string): Location {
  return { system: `${protocol} server ${canonicalHost(server)}`, path: path.posix.resolve('/', directory) };
}

/** The directory that csi-driver-nfs mounts for these attributes, which it reads whatever their case: pkg/nfs/nodeserver.go. */
export function nfsCsiLocation(attributes: Readonly<Record<string, string>> = {}): Location | undefined {
  const read = Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), value]);
  const { server, share, subdir = '' } = Object.fromEntries(read) as Readonly<Record<string, string>>;
  if (server === undefined || share === undefined) return undefined;
  // The driver puts something in the place of such a name: it may be any directory of the share.
  return exportLocation('NFS', server, subdir.includes('${') ? share : `${share}/${subdir}`);
}

/** A share `//server/directory` of an SMB server, whose names know no case. */
export function shareLocation(source: string): Location {
  const { server = source, path: directory = '/' } = parseShare(source) ?? {};
  return exportLocation('SMB', server, directory.toLowerCase());
}

/** Takes the source of an SMB share apart; `undefined` where it is none. */
export function parseShare(source: string): { server: string; path: string } | undefined {
  const parts = /^\/\/([^/\\]+)(\/[^/\\]+(?:\/[^/\\]+)*)$/.exec(source);
  return parts?.[1] && parts[2] && isHost(parts[1]) ? { server: parts[1], path: parts[2] } : undefined;
}

/** Whether two locations are one, or one lies inside the other. */
export function overlaps(left: Location, right: Location): boolean {
  return (
    left.system === right.system &&
    (left.path === undefined ||
      right.path === undefined ||
      isWithin(left.path, right.path) ||
      isWithin(right.path, left.path))
  );
}

/** In words, for a message. */
export function describeLocation({ system, path: directory }: Location): string {
  return directory === undefined ? system : `${directory} of ${system}`;
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}
