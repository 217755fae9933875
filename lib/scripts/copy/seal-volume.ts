import { z } from 'zod';
import type { Chap } from '../chap';
import { type Attempt, attemptParameters, type FileSystemType } from '../lun/format-lun';
import { renderScript, type Script } from '../script';
import { type CopyTarget, targetParameters, targetSecrets } from './target';

const facts = z.object({});

/**
 * Marks a volume as whole: from then on no script formats it or copies into it. `unchanged` where it is sealed as this very
 * attempt.
 *
 * @param from what its marker must say before; `none` for a volume whose data somebody else has put there; an attempt before this
 *   one, which has sealed it: what it held then stays listed on it
 */
export function sealVolume(
  target: CopyTarget,
  attempt: Attempt,
  fileSystem: FileSystemType | 'nfs',
  chap?: Chap,
  from: 'building' | 'none' | { readonly attempt: number } = 'building',
): Script<z.infer<typeof facts>> {
  const before =
    typeof from === 'string' ? { from, before: attempt.attempt } : { from: 'sealed', before: from.attempt };
  const parameters = { ...targetParameters(target, fileSystem), ...attemptParameters(attempt), ...before };
  return renderScript('copy/seal-volume', parameters, facts, targetSecrets(target, chap));
}
