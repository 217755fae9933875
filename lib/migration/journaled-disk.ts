import type { Attempt, PlannedLun } from '../shell/format-lun';
import type { IscsiVolume } from '../volumes/iscsi';
import { persistentVolumeName } from '../volumes/static-volume';
import type { JournalEntry } from './journal';

/** The disk of a volume and the attempt on it as scripts are told of them: what the journal says was proven. */
export function journaledDisk(
  volume: IscsiVolume,
  { bytes, wwn, uuid, attempt }: JournalEntry,
): { readonly lun: PlannedLun; readonly attempt: Attempt } {
  const { targetPortal: portal, iqn, lun } = volume;
  return {
    lun: { portal, iqn, lun, bytes, wwn },
    attempt: { volume: persistentVolumeName(volume), attempt, uuid },
  };
}
