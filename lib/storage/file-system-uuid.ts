import { createHash } from 'node:crypto';

/**
 * The UUID of the file system of an attempt. It follows from what the attempt is, so that a file system that was left half
 * made is recognised even where no journal is left. Version 8 of RFC 9562: of an application's own making.
 */
export function fileSystemUuid(of: {
  readonly volume: string;
  readonly attempt: number;
  /** The name of where it is: of a disk its WWN, of a folder the server and the path. */
  readonly place: string;
}): string {
  const digest = createHash('sha256').update(`lunward\n${of.volume}\n${of.attempt}\n${of.place}`).digest();
  digest.writeUInt8(((digest[6] ?? 0) & 0x0f) | 0x80, 6);
  digest.writeUInt8(((digest[8] ?? 0) & 0x3f) | 0x80, 8);
  const digits = digest.toString('hex', 0, 16);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Whether a file system was made by an attempt of ours; one that was adopted was not. */
export function madeByAttempt(of: Parameters<typeof fileSystemUuid>[0] & { readonly uuid: string }): boolean {
  return of.uuid === fileSystemUuid(of);
}
