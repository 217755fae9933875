import type { FolderTarget } from '../../scripts/copy/target';
import type { NfsVolume } from '../../volumes/nfs';

/** Why a folder is not inspected. */
export const NO_NODE = 'no node is reached by SSH';

/** The place, for a person. */
export const describeFolder = ({ server, path }: NfsVolume) => `${server}:${path}`;

/** A folder of a description, as scripts get it. */
export function folderOf({ server, path, mountOptions }: NfsVolume): FolderTarget {
  return { server, path, ...(mountOptions && { mountOptions }) };
}
