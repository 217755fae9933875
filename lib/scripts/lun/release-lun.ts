import { z } from 'zod';
import { type Chap, credentials } from '../chap';
import { renderScript, type Script } from '../script';
import { type Attempt, attemptParameters, lunParameters, type PlannedLun } from './format-lun';

const facts = z.object({});

/**
 * Proves that a node does nothing with a LUN, and ends what a killed run of ours has left open there. It declines if this
 * attempt, or anything else, is sealed on it. Nothing is written.
 */
export function releaseLun(planned: PlannedLun, attempt: Attempt, chap?: Chap): Script<z.infer<typeof facts>> {
  return renderScript('lun/release-lun', { ...lunParameters(planned), ...attemptParameters(attempt) }, facts, {
    chap: credentials(chap),
  });
}
