import type { ProbedSource } from '../../scripts/copy/probe-source';
import { type DataVolume, movable } from '../../storage/registry';
import type { MediaAppModel } from '../../workload/model';

type Found = Pick<ProbedSource, 'owners' | 'flagged' | 'attributes' | 'attributesCounted'>;

/** What a copy does not take along, what is changed after it, and owners that need not mean there what they mean here: lines for a person. */
export function leftBehindLines(
  { source, target }: { readonly source: DataVolume; readonly target: DataVolume },
  { fsGroup, puid, runAsUser }: MediaAppModel['identity'],
  { owners, flagged, attributes, attributesCounted }: Found,
): string[] {
  const [isFromShare, isToShare] = [movable(source).isShare, movable(target).isShare];
  return [
    ...stayBehind(flagged, 'flags of chattr (such as i and a)'),
    ...stayBehind(attributes, 'attributes in security.* or trusted.*'),
    ...(attributesCounted
      ? []
      : ['  attributes in security.* and trusted.*, if any, stay behind: the node has no getfattr to count them']),
    ...(isFromShare ? ownerLines(owners, puid ?? runAsUser) : []),
    // SetVolumeOwnership of the kubelet, which leaves network file systems as they are.
    ...(fsGroup !== undefined && isFromShare && !isToShare
      ? [
          `  fsGroup: the kubelet will give all of the new volume to group ${fsGroup}, which may then read and write it; on the share it does not`,
        ]
      : []),
  ];
}

function stayBehind({ count, names: [first] }: Found['flagged'], what: string): string[] {
  return count > 0 ? [`  ${count} entries with ${what} stay behind without them: ${first}, for example`] : [];
}

/** `nobody` of most systems, and what an NFS client shows for an owner that it can't map: 16 and 32 bits of -2. */
const NOBODY = [65534, 4294967294];

/** Only writing to the source would show it, and the source is never written to. */
const INFERRED = 'This is inferred from the owners, for a server does not say how it maps them';

/** Owners by which the app can use the share, because the server maps users, and not the new volume, where the numbers count. */
function ownerLines(owners: Found['owners'], user: number | undefined): string[] {
  const numbers = 'the copy keeps the number. Correct the owners before the move if the app needs others';
  const nobody = owners.filter(({ uid }) => NOBODY.includes(uid) && uid !== user);
  const [most] = owners;
  return [
    ...nobody.map(
      ({ uid, count }) =>
        `  ${count} entries belong to nobody (${uid}), so the server may map owners (all_squash, root_squash), or the id mapping does not know them. ${INFERRED}; ${numbers}`,
    ),
    ...(user !== undefined && user !== 0 && most && !nobody.includes(most) && !owners.some(({ uid }) => uid === user)
      ? [
          `  none of the ${owners.length > 4 ? 'most common owners' : 'owners'} is user ${user}, as which the app runs: ${most.count} entries belong to ${most.uid}. ` +
            `The share may map users (all_squash); the new volume does not. ${INFERRED}; ${numbers}`,
        ]
      : []),
  ];
}
