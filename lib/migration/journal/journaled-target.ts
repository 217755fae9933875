import type { CopyTarget, FolderTarget } from '../../scripts/copy/target';
import type { Attempt } from '../../scripts/lun/format-lun';
import { type DataVolume, movable } from '../../storage/registry';
import type { NfsVolume } from '../../volumes/nfs';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry } from './journal';

/** Where a volume is, and the attempt there, as scripts are told of them: what the journal says was proven. */
export function journaledTarget(
  volume: DataVolume,
  entry: JournalEntry,
): { readonly target: CopyTarget; readonly attempt: Attempt } {
  const { uuid, attempt } = entry;
  return {
    target: movable(volume).target(volume, entry),
    attempt: { volume: persistentVolumeName(volume), attempt, uuid },
  };
}

/** A folder of a description. */
export function folderOf({ server, path, mountOptions }: NfsVolume): FolderTarget {
  return { server, path, ...(mountOptions && { mountOptions }) };
}

/** What the journal says of where a target is. */
export function identityOf(target: CopyTarget): Pick<JournalEntry, 'wwn' | 'bytes'> {
  if ('wwn' in target) return { wwn: target.wwn, bytes: target.bytes };
  return { wwn: `${target.server}:${target.path}`, bytes: 0 };
}
