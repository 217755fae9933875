import type { Chap } from '../../scripts/chap';
import type { CopySource } from '../../scripts/copy/source';
import type { IscsiVolume } from '../../volumes/iscsi';
import type { NfsVolume } from '../../volumes/nfs';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { SourceDisk } from '../journal/journal';
import { plannedLun } from '../journal/journaled-target';

/** A volume that data can be moved from, and to. */
export type DataVolume = NfsVolume | IscsiVolume;

/** Where a volume is, for a person. */
export function describeStorage(volume: DataVolume): string {
  return volume.kind === 'nfs' ? `${volume.server}:${volume.path}` : `LUN ${volume.lun} of ${volume.iqn}`;
}

/** What scripts are told of where data is moved from. */
export function copySourceOf(source: DataVolume, { sourceDisk, sourceChap, isUsed = false }: SourceState): CopySource {
  if (source.kind === 'nfs') return source;
  if (!sourceDisk) throw new Error(`nothing is known of the disk of ${source.name}`);
  const { uuid, attempt } = sourceDisk;
  return {
    disk: plannedLun(source, sourceDisk),
    uuid,
    volume: persistentVolumeName(source),
    ...(attempt !== undefined && { attempt }),
    isUsed,
    ...(sourceChap && { chap: sourceChap }),
  };
}

/** What is known of a source that is a LUN; there is none of it for a folder. */
export interface SourceState {
  readonly sourceDisk?: SourceDisk;
  readonly sourceChap?: Chap;
  /** Whether the app runs on the node that copies. @default false */
  readonly isUsed?: boolean;
}
