import { readableBytes } from '../../core/quantity';
import type { Chap } from '../../scripts/chap';
import { wipeLun } from '../../scripts/lun/wipe-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { FileSystemSlots, KnownAttempt } from '../target';
import { type DiskIdentity, identityOfLun, iscsiIdentity } from './identity';
import { locateDisk } from './locate-disk';
import { describeLun, fileSystemOfLun } from './places';
import type { LunFacts } from './sealed-lun';

/** Zeroes a LUN, if it is the one that the latest attempt was on, and holds nothing but what that has left. */
export function wipe(
  facts: LunFacts & { readonly latest: KnownAttempt<DiskIdentity>; readonly chap?: Chap },
): ReturnType<FileSystemSlots<IscsiVolume, DiskIdentity, undefined>['wipe']> {
  const { volume, latest, chap } = facts;
  const { disk, refusals } = locateDisk(facts);
  if (!disk) return { refusals };
  const { node, seen, lun } = disk;
  const { attempt: number, uuid } = latest;
  const subject = describeLun(volume);
  if (!iscsiIdentity.isSame(latest.target, identityOfLun(seen))) {
    return {
      refusals: [
        {
          code: 'disk-differs',
          subject,
          found: `is disk ${seen.wwn}, and attempt ${number} was on ${latest.target.wwn}: what it holds is not known, and is never wiped`,
          remedy:
            'map the LUN that the attempt was on; or go on with this one: "lunward plan" says whether it can be used',
        },
      ],
    };
  }
  if (seen.content && seen.uuid !== uuid) {
    return {
      refusals: [
        {
          code: 'content-not-ours',
          subject,
          found: `holds ${seen.content}${seen.uuid ? ` with UUID ${seen.uuid}` : ''}, and attempt ${number} left UUID ${uuid}: that is not from this attempt, and is never wiped`,
          remedy: 'make a new LUN on the NAS',
        },
      ],
    };
  }
  const attempt = { volume: persistentVolumeName(volume), attempt: number, uuid };
  // The description may say another one by now.
  const type = seen.content === 'ext4' || seen.content === 'xfs' ? seen.content : fileSystemOfLun(volume);
  return {
    found: {
      identity: identityOfLun(seen),
      node,
      step: {
        name: 'wipe',
        text: `overwrites all of ${readableBytes(lun.bytes)} with zeros, if it is what attempt ${number} left (UUID ${uuid}) and was never sealed`,
        script: wipeLun(lun, attempt, type, chap),
      },
    },
  };
}
