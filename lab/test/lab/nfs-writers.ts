import type { NfsCalls } from '../../nas/nas';

const CHANGES = /^(OP_)?(WRITE|SETATTR|CREATE|MKDIR|SYMLINK|MKNOD|REMOVE|RMDIR|RENAME|LINK|COMMIT|ALLOCATE|.*XATTR.*)$/;
const READS = /GETXATTR|LISTXATTRS/;

/** Addresses of clients that changed something at the NFS server. */
export function nfsWriters(calls: readonly NfsCalls[]): string[] {
  const found = calls.filter(({ operation }) => CHANGES.test(operation) && !READS.test(operation));
  return [...new Set(found.map(({ address }) => address))];
}
