import { z } from 'zod';
import type { PlannedLun } from '../../scripts/lun/format-lun';
import type { IdentityKind } from '../movable';

const schema = z.strictObject({
  kind: z.literal('iscsi'),
  wwn: z.string(),
  /** By which the disk is recognised as well; grows with its LUN. */
  bytes: z.number().int().positive(),
});

/** The disk of a LUN. Its name says which one it is, whatever number or target a NAS shows it under. */
export type DiskIdentity = z.infer<typeof schema>;

export const iscsiIdentity: IdentityKind<DiskIdentity> = {
  schema,
  noun: 'disk',
  nameOf: ({ wwn }) => wwn,
  // A LUN that was grown is still the same one.
  isSame: (one, other) => one.wwn === other.wwn,
};

/** The disk that was found as a LUN. */
export function identityOfLun({ wwn, bytes }: Pick<PlannedLun, 'bytes' | 'wwn'>): DiskIdentity {
  return { kind: 'iscsi', wwn, bytes };
}
