import { z } from 'zod';
import { type Chap, credentials } from './chap';
import { type Attempt, type FileSystemType, lunParameters, type PlannedLun } from './format-lun';
import { renderScript, type Script } from './script';

const facts = z.object({});

/**
 * Marks a volume as whole: from then on no script formats it or copies into it. `unchanged` where it is sealed as this very
 * attempt.
 *
 * @param from what its marker must say before; `none` for a volume whose data somebody else has put there
 */
export function sealVolume(
  planned: PlannedLun,
  { volume, attempt, uuid }: Attempt,
  type: FileSystemType,
  chap?: Chap,
  from: 'building' | 'none' = 'building',
): Script<z.infer<typeof facts>> {
  return renderScript('seal-volume', { ...lunParameters(planned), volume, attempt, uuid, type, from }, facts, {
    chap: credentials(chap),
  });
}
