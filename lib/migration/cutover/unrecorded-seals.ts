import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { isGoneForGood } from '../../nodes/identified-nodes';
import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry, NewEntry } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { CutoverContext } from './cutover-context';
import { mustEnd } from './interrupted';
import type { VolumeMove } from './volume-move';

/** How long a node may take to say what a marker says: the app runs meanwhile. */
const PATIENCE_SECONDS = 60;

/**
 * What the journal is to say of copies that were sealed on the volume, and not in the journal: whoever sealed them was killed before
 * that, or the node's answer or the write of the journal was lost. An app that was started on its old volume goes on writing there, so
 * such a copy is given up: no script continues it. So is one whose node is neither described nor in the cluster any more. One whose marker
 * could not be read is kept, and reported: it may be whole, no script fills or switches to a volume before it has read the marker itself,
 * and `abort` gives it up. The app runs, and does not wait for a node that is away.
 */
export async function unrecordedSeals(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
): Promise<[string, NewEntry][]> {
  const found: [string, NewEntry][] = [];
  for (const volume of volumes) {
    const name = persistentVolumeName(volume.target);
    const latest = site.journal.latest(name);
    if (latest?.state !== 'prepared') continue;
    try {
      if (!(await isSealed(site, volume, latest))) continue;
    } catch (error) {
      if (mustEnd(error) || !(error instanceof UserError)) throw error;
      site.report({ type: 'sealNotRead', volume: volume.target.name, node: latest.node, reason: error.message });
      continue;
    }
    const { at: _, ...entry } = latest;
    found.push([name, { ...entry, state: 'rolled-back', neverLive: true }]);
  }
  return found;
}

/** @throws UserError where the node that wrote the copy can't be asked */
async function isSealed(
  { client, nodes, signal }: CutoverContext,
  { target: volume, chap }: VolumeMove,
  latest: JournalEntry,
): Promise<boolean> {
  const node = nodes.find(({ name }) => name === latest.node);
  if (!node) {
    // There is no way left to find out, and no script continues its copy.
    if (await untilAsked(() => isGoneForGood(latest.node, { nodes, client }), { signal })) return true;
    throw new UserError(
      `it is not described with ssh any more: put it back into nodes; ` +
        `if it is gone for good, delete it from the cluster ("kubectl delete node ${latest.node}")`,
      { category: 'usage', code: 'no-such-node' },
    );
  }
  const { target: identity, attempt: number, uuid } = requireKind(volume, latest);
  const attempt = { volume: persistentVolumeName(volume), attempt: number, uuid };
  const { script } = movable(volume).release(volume, { identity, attempt, ...(chap && { chap }) });
  const report = await untilAsked(() => node.runner.run(script), { signal, patienceSeconds: PATIENCE_SECONDS });
  return report.result === 'declined' && report.code === 'other-marker';
}
