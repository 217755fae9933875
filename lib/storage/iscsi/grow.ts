import type { SealedVolumeProps } from '../../scripts/copy/verify-volume';
import { type GrownVolume, growVolume } from '../../scripts/lun/grow-volume';
import type { Script } from '../../scripts/script';
import type { IscsiVolume } from '../../volumes/iscsi';
import type { DiskIdentity } from './identity';
import { TOLERANCE } from './match-lun';
import { plannedLun } from './places';

/** Grows the file system to all of its LUN, which was grown on the NAS before. */
export function grow(
  volume: IscsiVolume,
  { identity, ...sealed }: SealedVolumeProps & { readonly identity: DiskIdentity },
  wantedBytes: number,
): Script<GrownVolume> {
  const mostBytes = Math.floor(wantedBytes * (1 + TOLERANCE));
  return growVolume({ ...sealed, target: plannedLun(volume, identity), wantedBytes, mostBytes });
}

/** By its size the disk is recognised from then on. */
export function grown(identity: DiskIdentity, { lunBytes: bytes }: GrownVolume): DiskIdentity {
  return { ...identity, bytes };
}
