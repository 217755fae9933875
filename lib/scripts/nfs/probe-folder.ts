import { z } from 'zod';
import { type FolderTarget, placeParameters } from '../copy/target';
import { marker } from '../lun/probe-volume';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** Each empty where there is none. */
  marker,
  /** The first at its root, without what its file system or lunward has put there. */
  names: z.array(z.string()),
  /** Of its file system. A server that counts no inodes says 0. */
  freeBytes: z.number().int(),
  freeInodes: z.number().int(),
});

/** What is in a folder that data is to be moved to. */
export type ProbedFolder = z.infer<typeof facts>;

/** Looks at a folder of an NFS server. Nothing is written. */
export function probeFolder(target: FolderTarget): Script<ProbedFolder> {
  const { target_kind: _, ...folder } = placeParameters(target);
  return renderScript('nfs/probe-folder', folder, facts);
}
