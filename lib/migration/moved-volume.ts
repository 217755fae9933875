import type { Chap } from '../shell/chap';
import type { CopyProps } from '../shell/copy';
import type { IscsiVolume } from '../volumes/iscsi';
import type { NfsVolume } from '../volumes/nfs';
import { persistentVolumeName } from '../volumes/static-volume';
import type { SettingPatch } from '../workload/facts';
import type { Journal, JournalEntry } from './journal';
import { fileSystemOf } from './plan';

/** A volume that changes hands: where its data is, and where it goes. */
export interface MovedVolume {
  readonly mountPath: string;
  readonly source: NfsVolume;
  readonly target: IscsiVolume;
  readonly chap?: Chap;
  /** What is to be changed in the data behind the copy. */
  readonly patches: readonly SettingPatch[];
}

/** What scripts are told of a volume: the disk, and the attempt, are what the journal says was proven and prepared. */
export function copyPropsOf({ source, target, chap }: MovedVolume, latest: JournalEntry): CopyProps {
  const { bytes, wwn, uuid, attempt } = latest;
  const { targetPortal: portal, iqn, lun } = target;
  return {
    source,
    target: { portal, iqn, lun, bytes, wwn },
    attempt: { volume: persistentVolumeName(target), attempt, uuid },
    fileSystem: fileSystemOf(target),
    ...(chap && { chap }),
  };
}

/** Whether the new volumes are live already. */
export function isSwitched({ live }: Pick<Journal, 'live'>, volumes: readonly MovedVolume[]): boolean {
  return volumes.every(({ mountPath, target }) => live[mountPath] === target.name);
}
