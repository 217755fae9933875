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
 * @param from what the marker must say before: `building`; `none` for a volume with data that Lunward did not copy; or
 * the earlier attempt that has sealed it, whose list of what the volume held stays on it. Default: `building`
 */
export function sealVolume(
  target: CopyTarget,
  attempt: Attempt,
  fileSystem: string,
  chap?: Chap,
  from: 'building' | 'none' | { readonly attempt: number } = 'building',
): Script<z.infer<typeof facts>> {
  const before =
    typeof from === 'string' ? { from, before: attempt.attempt } : { from: 'sealed', before: from.attempt };
  const parameters = { ...targetParameters(target, fileSystem), ...attemptParameters(attempt), ...before };
  return renderScript('copy/seal-volume', parameters, facts, targetSecrets(target, chap));
}
