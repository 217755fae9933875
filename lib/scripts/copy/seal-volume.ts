import { z } from 'zod';
import type { Chap } from '../chap';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { renderScript, type Script } from '../script';
import { type CopyTarget, targetParameters, targetSecrets } from './target';

const facts = z.object({});

/**
 * Seals a volume: from then on no script formats it or copies into it. `unchanged` if it is already sealed as this very
 * attempt.
 *
 * @param from what the marker must say before: `building`; `none` for a volume with data that has no marker, because
 * Lunward did not copy the data, or because the marker was deleted; or the earlier attempt that has sealed it, whose list
 * of what the volume held stays on it. Default: `building`
 * @param listed SHA-256 of the list that a volume was sealed with whose marker was deleted: the new marker names the list
 * if it is still there. Default: there is none
 */
export function sealVolume(
  target: CopyTarget,
  attempt: Attempt,
  fileSystem: string,
  chap?: Chap,
  from: 'building' | 'none' | { readonly attempt: number } = 'building',
  listed = '',
): Script<z.infer<typeof facts>> {
  const before =
    typeof from === 'string' ? { from, before: attempt.attempt } : { from: 'sealed', before: from.attempt };
  const parameters = { ...targetParameters(target, fileSystem), ...attemptParameters(attempt), ...before, listed };
  return renderScript('copy/seal-volume', parameters, facts, targetSecrets(target, chap));
}
