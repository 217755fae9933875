import { z } from 'zod';
import type { FencedPlace } from '../kubernetes/fence';
import type { PersistentVolume } from '../volumes/kinds';
import type { LiveSource } from '../volumes/source-differences';
import { movableKinds } from './kinds';
import type { IdentityKind, MovableKind, SourceIdentity } from './movable';

type Kind = (typeof movableKinds)[keyof typeof movableKinds];

/** A volume that data can be moved from, and to. */
export type DataVolume = Kind extends MovableKind<infer Volume, infer _, infer __> ? Volume : never;

/** Where such a volume is, as the journal keeps it: which place it is, however it is reached. */
export type Identity = Kind['identity'] extends IdentityKind<infer Of> ? Of : never;

/** What plans and moves know of a kind: they pass what they get from it back to it. */
export type AnyKind = MovableKind<DataVolume, Identity, unknown>;

function kindNamed(kind: string): AnyKind {
  return movableKinds[kind as keyof typeof movableKinds] as MovableKind<never, never, never> as AnyKind;
}

/** The kind of a volume that data can be moved from and to. */
export function movable({ kind }: DataVolume): AnyKind {
  return kindNamed(kind);
}

/** The kind of a place that the journal has. */
export function movableOf({ kind }: Identity): AnyKind {
  return kindNamed(kind);
}

export function isMovable(volume: PersistentVolume): volume is DataVolume {
  return volume.kind in movableKinds;
}

/** What admission refuses of a PersistentVolume in the cluster, besides its claim. */
export function fenceOfSource(source: LiveSource): FencedPlace[] {
  return Object.keys(movableKinds).flatMap((kind) => kindNamed(kind).fenceOfSource(source) ?? []);
}

/** Where a volume is, for a person. */
export function describeStorage(volume: DataVolume): string {
  return movable(volume).describe(volume);
}

/** What the journal keeps of where a volume is. */
export const identitySchema: z.ZodType<Identity> = z
  .looseObject({ kind: z.string() })
  .transform((value, context): Identity => {
    const schema = value.kind in movableKinds && kindNamed(value.kind).identity.schema;
    const result = schema ? schema.safeParse(value) : undefined;
    if (result?.success) return result.data;
    const problem = result ? z.prettifyError(result.error) : 'Lunward does not know this kind of storage';
    context.addIssue({ code: 'custom', message: `${value.kind}: ${problem}` });
    return z.NEVER;
  });

/** Whether both are one place. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return one.kind === other.kind && movableOf(one).identity.isSame(one, other);
}

/** Whether both are one place that holds what was sealed as one attempt. */
export function isSameSource(one: SourceIdentity<Identity>, other: SourceIdentity<Identity>): boolean {
  return isSameIdentity(one.place, other.place) && one.uuid === other.uuid && one.attempt === other.attempt;
}

/** The name of a place, for a person, and for the UUIDs of what is put there. */
export function identityName(identity: Identity): string {
  return movableOf(identity).identity.nameOf(identity);
}

/** The same with what it is: `disk 0x6001405…`. */
export function describeIdentity(identity: Identity): string {
  return `${movableOf(identity).identity.noun} ${identityName(identity)}`;
}
