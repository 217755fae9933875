import { z } from 'zod';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { type Attempt, type FileSystemType, imageParameters, lunParameters, type PlannedLun } from './format-lun';

const facts = z.object({});

/**
 * Zeroes a LUN that holds what this attempt has left: a file system that it has marked as being built, or a part of
 * one. It declines on anything else, and on a sealed volume. `unchanged` if every byte is already zero.
 */
export function wipeLun(
  planned: PlannedLun,
  attempt: Attempt,
  type: FileSystemType,
  chap?: Chap,
): Script<z.infer<typeof facts>> {
  return renderScript('lun/wipe-lun', { ...lunParameters(planned), ...imageParameters(attempt, type) }, facts, {
    chap: credentials(chap),
  });
}
