import { type Chap, credentials } from '../chap';
import { lunParameters, type PlannedLun } from '../lun/format-lun';
import type { Parameter } from '../script';
import { mountable } from './source';

/** An NFS folder that data is copied to. */
export interface FolderTarget {
  /** Address or host name of the server, as the node resolves it. */
  readonly server: string;
  readonly path: string;
  /** `mountOptions` of the PersistentVolume. Default: none. */
  readonly mountOptions?: readonly string[];
}

/** A place of any other kind that data is copied to, as parameters of its `bash/target-KIND.sh`. */
export interface KindTarget {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Where data is copied to. */
export type CopyTarget = PlannedLun | FolderTarget | KindTarget;

/** A target as script parameters. @param fileSystem the file system on it, as `bash/target-KIND.sh` calls it */
export function targetParameters(target: CopyTarget, fileSystem: string): Record<string, Parameter> {
  return { ...placeParameters(target), type: fileSystem };
}

/** A target as parameters of scripts that find out themselves which file system is on a LUN. */
export function placeParameters(target: CopyTarget): Record<string, Parameter> {
  if ('parameters' in target) return { target_kind: target.kind, ...target.parameters };
  if (!isFolder(target)) return { target_kind: 'iscsi', ...lunParameters(target) };
  const { server, path, mountOptions = [] } = target;
  return { target_kind: 'nfs', target_server: mountable(server), target_path: path, target_options: mountOptions };
}

/** Parameters that are left out of a script's hash. */
export function targetSecrets(target: CopyTarget, chap: Chap | undefined): Record<string, readonly string[]> {
  return isFolder(target) || 'parameters' in target ? {} : { chap: credentials(chap) };
}

function isFolder(target: CopyTarget): target is FolderTarget {
  return 'server' in target;
}
