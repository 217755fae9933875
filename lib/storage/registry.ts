import type { IscsiVolume } from '../volumes/iscsi';
import type { PersistentVolume } from '../volumes/kinds';
import type { NfsVolume } from '../volumes/nfs';
import { movableIscsi } from './iscsi';
import type { MovableKind } from './movable';
import { movableNfs } from './nfs';

/** A volume that data can be moved from, and to. */
export type DataVolume = NfsVolume | IscsiVolume;

/** All kinds that data can be moved from and to, by their `kind`. */
export const movableKinds: { readonly [Kind in DataVolume['kind']]: MovableKind<Extract<DataVolume, { kind: Kind }>> } =
  {
    iscsi: movableIscsi,
    nfs: movableNfs,
  };

/** The kind of a volume that data can be moved from and to. */
export function movable(volume: DataVolume): MovableKind<DataVolume> {
  return movableKinds[volume.kind] as MovableKind<never> as MovableKind<DataVolume>;
}

export function isMovable(volume: PersistentVolume): volume is DataVolume {
  return volume.kind in movableKinds;
}

/** Where a volume is, for a person. */
export function describeStorage(volume: DataVolume): string {
  return movable(volume).describe(volume);
}
