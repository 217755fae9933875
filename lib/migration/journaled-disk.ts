import type { Attempt, PlannedLun } from '../shell/format-lun';
import type { IscsiVolume } from '../volumes/iscsi';
import { persistentVolumeName } from '../volumes/static-volume';
import type { JournalEntry } from './journal';

/** The disk of a volume and the attempt on it as scripts are told of them: what the journal says was proven. */
export function journaledDisk(
  volume: IscsiVolume,
  { bytes, wwn, uuid, attempt }: JournalEntry,
): { readonly lun: PlannedLun; readonly attempt: Attempt } {
  return {
    lun: plannedLun(volume, { bytes, wwn }),
    attempt: { volume: persistentVolumeName(volume), attempt, uuid },
  };
}

/** A LUN of a description, with the disk that was found as it. */
export function plannedLun(
  { targetPortal: portal, iqn, lun }: IscsiVolume,
  { bytes, wwn }: Pick<PlannedLun, 'bytes' | 'wwn'>,
): PlannedLun {
  return { portal, iqn, lun, bytes, wwn };
}
