import { z } from 'zod';
import { type FolderTarget, placeParameters } from '../copy/target';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({});

/**
 * Proves that a node does nothing with an NFS folder. It declines if this attempt, or anything else, is sealed in it. Nothing
 * is written.
 */
export function releaseFolder(target: FolderTarget, attempt: Attempt): Script<z.infer<typeof facts>> {
  const { target_kind: _, ...folder } = placeParameters(target);
  return renderScript('nfs/release-folder', { ...folder, ...attemptParameters(attempt) }, facts);
}
