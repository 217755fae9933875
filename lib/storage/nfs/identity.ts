import { z } from 'zod';
import { isSamePath, isSameServer } from '../../volumes/source-differences';
import type { IdentityKind } from '../movable';

const schema = z.strictObject({ kind: z.literal('nfs'), server: z.string(), path: z.string() });

/** A folder of an NFS server. */
export type FolderIdentity = z.infer<typeof schema>;

export const nfsIdentity: IdentityKind<FolderIdentity> = {
  schema,
  noun: 'folder',
  nameOf: ({ server, path }) => `${server}:${path}`,
  isSame: (one, other) => isSameServer(one.server, other.server) && isSamePath(one.path, other.path),
};

export function identityOfFolder({ server, path }: Omit<FolderIdentity, 'kind'>): FolderIdentity {
  return { kind: 'nfs', server, path };
}
