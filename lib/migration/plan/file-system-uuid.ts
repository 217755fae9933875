import { createHash } from 'node:crypto';
import { identityName } from '../../storage/registry';
import type { JournalEntry } from '../journal/journal';

/**
 * The UUID of the file system of an attempt. It follows from what the attempt is, so that a file system that was left half
 * made is recognised even where no journal is left. Version 8 of RFC 9562: of an application's own making.
 */
export function fileSystemUuid(of: {
  readonly volume: string;
  readonly attempt: number;
  /** Name of where it is, as the journal has it. */
  readonly place: string;
}): string {
  const digest = createHash('sha256').update(`lunward\n${of.volume}\n${of.attempt}\n${of.place}`).digest();
  digest.writeUInt8(((digest[6] ?? 0) & 0x0f) | 0x80, 6);
  digest.writeUInt8(((digest[8] ?? 0) & 0x3f) | 0x80, 8);
  const digits = digest.toString('hex', 0, 16);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Whether a file system was made by an attempt of ours; one that was adopted was not. */
export function madeByAttempt({
  volume,
  attempt,
  target,
  uuid,
}: Pick<JournalEntry, 'attempt' | 'target' | 'uuid'> & { readonly volume: string }): boolean {
  return uuid === fileSystemUuid({ volume, attempt, place: identityName(target) });
}
