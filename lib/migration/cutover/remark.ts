import { runForFacts } from '../../nodes/run-script';
import { sealVolume } from '../../scripts/copy/seal-volume';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { Seal } from '../../workload/model';
import type { JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
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
    const reason = await refusalToMark(site, volume, latest);
    if (reason === undefined) marked.add(name);
    else {
      const { attempt } = latest;
      site.report({ type: 'notAbandoned', volume: name, attempt, reason });
    }
  }
  return marked;
}

async function refusalToMark(
  { nodes }: CutoverContext,
  { target: volume, chap }: VolumeMove,
  latest: JournalEntry,
): Promise<string | undefined> {
  const node = nodes.find(({ name }) => name === latest.node);
  if (!node) return `node ${latest.node}, which writes it, is not reached by SSH any more`;
  const { target, attempt } = journaledTarget(volume, { ...latest, attempt: latest.attempt + 1 });
  const script = sealVolume(target, attempt, fileSystemOf(volume), chap, { attempt: latest.attempt });
  const answer = await runForFacts(node, script);
  return typeof answer === 'string' ? answer : undefined;
}

/** As what markers of volumes were changed by {@link remark}, by claim: the lock says so too. */
export function remarkedSeals(journal: Pick<Journal, 'latest'>, volumes: readonly VolumeMove[]): Record<string, Seal> {
  return Object.fromEntries(
    volumes.flatMap(({ target }) => {
      const latest = journal.latest(persistentVolumeName(target));
      return latest?.state === 'rolled-back' && latest.remarked
        ? [[target.name, { attempt: latest.attempt, uuid: latest.uuid }]]
        : [];
    }),
  );
}
