import { UserError } from '../../core/problems';
import type { ReachedNode } from '../../nodes/runner';
import { sealVolume } from '../../scripts/copy/seal-volume';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { EntryIn } from '../journal/entry';
import { journaledTarget } from '../journal/journaled-target';
import { fileSystemOf } from '../plan/plan';
import type { CutoverContext } from './cutover-context';
import type { VolumeMove } from './volume-move';

/**
 * Seals a volume that an app was rolled back from again, as a further attempt, with what the app left there. The attempt that it was rolled back from stays
 * so: whoever still asks for it is refused.
 *
 * @throws UserError where it is not what the journal says any more
 */
export async function reseal(
  site: CutoverContext,
  { target, chap }: VolumeMove,
  latest: EntryIn<'rolled-back'>,
  node: ReachedNode,
): Promise<void> {
  const { at: _, scan: _scan, remarked: _remarked, neverLive: _neverLive, ...entry } = latest;
  const next = { ...entry, attempt: latest.attempt + 1, state: 'sealed' as const };
  const { target: place, attempt } = journaledTarget(target, { ...latest, attempt: next.attempt });
  site.signal.throwIfAborted();
  const from = { attempt: latest.attempt };
  const report = await node.runner.run(sealVolume(place, attempt, fileSystemOf(target), chap, from));
  if (report.result === 'declined')
    throw new UserError(`sealing again on ${node.name} declined: ${report.reason}`, { code: 'step-declined' });
  const name = persistentVolumeName(target);
  await site.journal.append(name, next);
  site.report({ type: 'resealed', volume: name, node: node.name, attempt: next.attempt });
}
