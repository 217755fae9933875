import { z } from 'zod';
import type { IscsiVolume } from '../volumes/iscsi';
import type { PersistentVolume } from '../volumes/kinds';
import type { NfsVolume } from '../volumes/nfs';
import { movableIscsi } from './iscsi';
import type { DiskIdentity } from './iscsi/identity';
import type { IdentityKind, MovableKind, SourceIdentity } from './movable';
import { movableNfs } from './nfs';
import type { FolderIdentity } from './nfs/identity';

/** A volume that data can be moved from, and to. */
export type DataVolume = NfsVolume | IscsiVolume;

/** Where such a volume is, as the journal keeps it: which place it is, however it is reached. */
export type Identity = DiskIdentity | FolderIdentity;

/** All kinds that data can be moved from and to, by their `kind`. */
export const movableKinds: {
  readonly [Kind in DataVolume['kind']]: MovableKind<
    Extract<DataVolume, { kind: Kind }>,
    Extract<Identity, { kind: Kind }>
  >;
} = {
  iscsi: movableIscsi,
  nfs: movableNfs,
};

/** The kind of a volume that data can be moved from and to. */
export function movable(volume: DataVolume): MovableKind<DataVolume, Identity> {
  return movableKinds[volume.kind] as MovableKind<never, never> as MovableKind<DataVolume, Identity>;
}

export function isMovable(volume: PersistentVolume): volume is DataVolume {
  return volume.kind in movableKinds;
}

/** Where a volume is, for a person. */
export function describeStorage(volume: DataVolume): string {
  return movable(volume).describe(volume);
}

/** What the journal keeps of where a volume is. */
export const identitySchema: z.ZodType<Identity> = z.union(
  Object.values(movableKinds).map(({ identity }) => identity.schema as z.ZodType<Identity>),
);

function identityKind({ kind }: Identity): IdentityKind<Identity> {
  return movableKinds[kind].identity as IdentityKind<never> as IdentityKind<Identity>;
}

/** Whether both are one place. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return one.kind === other.kind && identityKind(one).isSame(one, other);
}

/** Whether both are one place that holds what was sealed as one attempt. */
export function isSameSource(one: SourceIdentity<Identity>, other: SourceIdentity<Identity>): boolean {
  return isSameIdentity(one.place, other.place) && one.uuid === other.uuid && one.attempt === other.attempt;
}

/** The name of a place, for a person, and for the UUIDs of what is put there. */
export function identityName(identity: Identity): string {
  return identityKind(identity).nameOf(identity);
}

/** The same with what it is: `disk 0x6001405…`. */
export function describeIdentity(identity: Identity): string {
  return `${identityKind(identity).noun} ${identityName(identity)}`;
}
