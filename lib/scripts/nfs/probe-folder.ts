import { z } from 'zod';
import { type FolderTarget, placeParameters } from '../copy/target';
import { marker } from '../lun/probe-volume';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** Each value is empty if missing. */
  marker,
  /** The first names at its root, without those that belong to its file system or to Lunward. */
  names: z.array(z.string()),
  /** Free space on its file system. A server that does not count inodes reports 0. */
  freeBytes: z.number().int(),
  freeInodes: z.number().int(),
  /** What files that an attempt has copied there already take; zero if none is filling it. */
  held: z.object({ bytes: z.number().int(), entries: z.number().int() }),
});

/** What is in a folder that data will be moved to. */
export type ProbedFolder = z.infer<typeof facts>;

/** Inspects an NFS folder. Nothing is written. */
export function probeFolder(target: FolderTarget): Script<ProbedFolder> {
  const { target_kind: _, ...folder } = placeParameters(target);
  return renderScript('nfs/probe-folder', folder, facts);
}
