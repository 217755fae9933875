import { z } from 'zod';
import { type Chap, credentials } from './chap';
import { type Attempt, attemptParameters, lunParameters, type PlannedLun } from './format-lun';
import { renderScript, type Script } from './script';

const facts = z.object({});

/**
 * Proves that a node does nothing with a LUN, and ends what a killed run of ours has left open there. It declines where this
 * attempt, or anything else, is sealed on it. Nothing is written.
 */
export function releaseLun(planned: PlannedLun, attempt: Attempt, chap?: Chap): Script<z.infer<typeof facts>> {
  return renderScript('release-lun', { ...lunParameters(planned), ...attemptParameters(attempt) }, facts, {
    chap: credentials(chap),
  });
}
