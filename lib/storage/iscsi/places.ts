import { UserError } from '../../core/problems';
import type { CopySource } from '../../scripts/copy/source';
import type { FileSystemType, PlannedLun } from '../../scripts/lun/format-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { SourceState } from '../movable';
import type { DiskIdentity } from './identity';

/** The place, for a person. */
export const describeLun = ({ lun, iqn }: Pick<IscsiVolume, 'iqn' | 'lun'>) => `LUN ${lun} of ${iqn}`;

/** The file system that Lunward makes on it. */
export const fileSystemOfLun = ({ formatAs = 'ext4' }: Pick<IscsiVolume, 'formatAs'>): FileSystemType => formatAs;

/** A LUN of a description, with the disk that was found as it. */
export function plannedLun(
  { targetPortal: portal, iqn, lun }: IscsiVolume,
  { bytes, wwn }: Pick<PlannedLun, 'bytes' | 'wwn'>,
): PlannedLun {
  return { portal, iqn, lun, bytes, wwn };
}

/** A LUN that scripts read from. @throws UserError where it is not recorded which disk that is */
export function iscsiSource(
  volume: IscsiVolume,
  { sourceIdentity, sourceChap, isUsed = false }: SourceState<DiskIdentity>,
): CopySource {
  const { place, uuid, attempt } = sourceIdentity ?? {};
  if (!place || uuid === undefined) {
    throw new UserError(`the journal does not say which disk data is moved from, and ${volume.name} is a LUN`, {
      code: 'journal-unusable',
    });
  }
  return {
    disk: plannedLun(volume, place),
    uuid,
    volume: persistentVolumeName(volume),
    ...(attempt !== undefined && { attempt }),
    isUsed,
    ...(sourceChap && { chap: sourceChap }),
  };
}
