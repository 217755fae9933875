import type { CopySource } from '../../scripts/copy/source';
import type { PlannedLun } from '../../scripts/lun/format-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { SourceState } from '../movable';
import type { DiskIdentity } from './identity';

/** A LUN of a description, with the disk that was found as it. */
export function plannedLun(
  { targetPortal: portal, iqn, lun }: IscsiVolume,
  { bytes, wwn }: Pick<PlannedLun, 'bytes' | 'wwn'>,
): PlannedLun {
  return { portal, iqn, lun, bytes, wwn };
}

/** A LUN that scripts read from. */
export function iscsiSource(
  volume: IscsiVolume,
  { sourceIdentity, sourceChap, isUsed = false }: SourceState<DiskIdentity>,
): CopySource {
  const { place, uuid, attempt } = sourceIdentity ?? {};
  if (!place || uuid === undefined) throw new Error(`nothing is known of the disk of ${volume.name}`);
  return {
    disk: plannedLun(volume, place),
    uuid,
    volume: persistentVolumeName(volume),
    ...(attempt !== undefined && { attempt }),
    isUsed,
    ...(sourceChap && { chap: sourceChap }),
  };
}
