import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { answered } from '../../nodes/run-script';
import { sealVolume } from '../../scripts/copy/seal-volume';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry } from '../journal/entry';
import { journaledTarget } from '../journal/journaled-target';
import { fileSystemOf } from '../plan/plan';
import type { CutoverContext } from './cutover-context';
import type { VolumeMove } from './volume-move';

/**
 * Gives the markers of volumes that an app is rolled back from the number of their next attempt. Manifests that started it there
 * name the attempt before: their guards refuse it from now on, which is all that does on a cluster without a fence. What the app wrote
 * there stays. Nothing may use the volumes. It can be done again.
 *
 * @returns the PersistentVolumes whose markers were changed; one that could not be changed is reported, and does not prevent the rollback
 */
export async function remark(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<ReadonlySet<string>> {
  const marked = new Set<string>();
  for (const volume of volumes) {
    const name = persistentVolumeName(volume.target);
    const latest = site.journal.latest(name);
    if (latest?.state !== 'sealed') continue;
    site.signal.throwIfAborted();
    const { attempt } = latest;
    const reason = await mark(site, volume, latest, { from: attempt, to: attempt + 1 }).catch(reasonOf);
    if (reason === undefined) marked.add(name);
    else site.report({ type: 'notAbandoned', volume: name, attempt, reason });
  }
  return marked;
}

/**
 * Undoes `remark` where a rollback was killed after it, and the app stays on the volumes: the journal, the lock file and the app's own
 * manifests name the attempt before. Nothing may use the volumes. It can be done again, and changes nothing where nothing was marked.
 *
 * @throws UserError if a volume can't be marked: the app's guard would refuse it
 */
export async function undoRemark(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  for (const volume of volumes) {
    const name = persistentVolumeName(volume.target);
    const latest = site.journal.latest(name);
    if (latest?.state !== 'sealed') continue;
    const reason = await mark(site, volume, latest, { from: latest.attempt + 1, to: latest.attempt });
    if (reason === undefined) continue;
    throw new UserError(
      `the marker of ${name} may be that of a rollback that was interrupted, and could not be restored: ${reason}`,
      { code: 'step-declined' },
    );
  }
}

/**
 * @returns why a marker could not be changed; one that names the attempt `to` already is left as it is
 * @throws UnreachableError if the node could not be asked
 */
async function mark(
  { nodes }: CutoverContext,
  { target: volume, chap }: VolumeMove,
  latest: JournalEntry,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<string | undefined> {
  const node = nodes.find(({ name }) => name === latest.node);
  if (!node) return `node ${latest.node}, which writes it, is not reached by SSH any more`;
  const { target, attempt } = journaledTarget(volume, { ...latest, attempt: to });
  const answer = await answered(node, sealVolume(target, attempt, fileSystemOf(volume), chap, { attempt: from }));
  return typeof answer === 'string' ? answer : undefined;
}

/** A rollback does not wait for a node that is away. */
function reasonOf(error: unknown): string {
  if (!(error instanceof UserError) || error instanceof LeaseLost) throw error;
  return error.message;
}
