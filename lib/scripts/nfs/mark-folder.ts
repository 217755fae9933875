import { z } from 'zod';
import { type FolderTarget, placeParameters } from '../copy/target';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({});

/**
 * Marks an NFS folder as being built. It declines if the folder is not empty, if anything on the node has it mounted,
 * and if root on the node can't create there what a copy consists of: files of any owner, links, times to the
 * nanosecond.
 */
export function markFolder(target: FolderTarget, attempt: Attempt): Script<z.infer<typeof facts>> {
  const { target_kind: _, ...folder } = placeParameters(target);
  return renderScript('nfs/mark-folder', { ...folder, ...attemptParameters(attempt) }, facts);
}
