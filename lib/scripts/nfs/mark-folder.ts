import { z } from 'zod';
import { type FolderTarget, placeParameters } from '../copy/target';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({});

/**
 * Marks a folder of an NFS server as being built. It declines where anything is there, where anybody on the node has it mounted, and
 * where root of the node can't make there what a copy is made of: files of any owner, links, times to the nanosecond.
 */
export function markFolder(target: FolderTarget, attempt: Attempt): Script<z.infer<typeof facts>> {
  const { target_kind: _, ...folder } = placeParameters(target);
  return renderScript('nfs/mark-folder', { ...folder, ...attemptParameters(attempt) }, facts);
}
