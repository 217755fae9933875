import { z } from 'zod';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { type FileSystemType, lunParameters, type PlannedLun } from './format-lun';

/** What the marker of a volume says. */
export const marker = z.object({ state: z.string(), attempt: z.string(), volume: z.string(), uuid: z.string() });

const facts = z.object({
  /** As it stands there; all empty where there is none. */
  marker,
  /** At the root of the volume, twenty at most, without ours and `lost+found`. */
  names: z.array(z.string()),
});

/** What is on the file system of a LUN. */
export type ProbedVolume = z.infer<typeof facts>;

/** Looks at the file system of a LUN, mounted read-only. It declines where the node uses it. */
export function probeVolume(planned: PlannedLun, type: FileSystemType, chap?: Chap): Script<ProbedVolume> {
  return renderScript('lun/probe-volume', { ...lunParameters(planned), type }, facts, { chap: credentials(chap) });
}
