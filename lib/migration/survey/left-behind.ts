import { type DataVolume, movable } from '../../storage/registry';
import type { MediaAppModel } from '../../workload/model';

/** What a copy does not take along, and what is changed after it: lines for a person. */
export function leftBehindLines(
  { source, target }: { readonly source: DataVolume; readonly target: DataVolume },
  { fsGroup }: MediaAppModel['identity'],
): string[] {
  const [isFromShare, isToShare] = [movable(source).isShare, movable(target).isShare];
  return [
    ...(isFromShare
      ? []
      : ['  attributes in security.* and trusted.*, and flags of chattr (such as i and a), if any, stay behind']),
    // SetVolumeOwnership of the kubelet, which leaves network file systems as they are.
    ...(fsGroup !== undefined && isFromShare && !isToShare
      ? [
          `  fsGroup: the kubelet will give all of the new volume to group ${fsGroup}, which may then read and write it; on the share it does not`,
        ]
      : []),
  ];
}
