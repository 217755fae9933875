import { z } from 'zod';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { type FileSystemType, lunParameters, type PlannedLun } from './format-lun';

/** What the marker of a volume says. */
export const marker = z.object({ state: z.string(), attempt: z.string(), volume: z.string(), uuid: z.string() });

const facts = z.object({
  /** Its values as written; all empty if there is no marker. */
  marker,
  /** At most 20 names at the root of the volume, without `/.lunward` and `lost+found`. */
  names: z.array(z.string()),
});

/** What is on the file system of a LUN. */
export type ProbedVolume = z.infer<typeof facts>;

/** Inspects the file system of a LUN, mounted read-only. It declines if the node uses the LUN. */
export function probeVolume(planned: PlannedLun, type: FileSystemType, chap?: Chap): Script<ProbedVolume> {
  return renderScript('lun/probe-volume', { ...lunParameters(planned), type }, facts, { chap: credentials(chap) });
}
