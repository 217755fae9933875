import { z } from 'zod';
import type { Chap } from '../chap';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { renderScript, type Script } from '../script';
import { type CopyTarget, placeParameters, targetSecrets } from './target';

const facts = z.object({});

/**
 * Proves that a node does nothing with a target, and ends what a killed run of ours has left open there. It declines if
 * this attempt, or anything else, is sealed on the target. Nothing is written.
 */
export function releaseTarget(target: CopyTarget, attempt: Attempt, chap?: Chap): Script<z.infer<typeof facts>> {
  const { target_kind: kind, ...place } = placeParameters(target);
  const file = kind === 'nfs' ? 'nfs/release-folder' : 'lun/release-lun';
  return renderScript(file, { ...place, ...attemptParameters(attempt) }, facts, targetSecrets(target, chap));
}
