import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { nodeNamed } from '../../nodes/identified-nodes';
import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry, NewEntry } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { CutoverContext } from './cutover-context';
import type { VolumeMove } from './volume-move';

/** How long a node may take to say what a marker says: the app runs meanwhile. */
const PATIENCE_SECONDS = 60;

/**
 * What the journal is to say of copies that were sealed on the volume, and not in the journal: whoever sealed them was killed before
 * that, or the node's answer or the write of the journal was lost. An app that was started on its old volume goes on writing there, so
 * such a copy is given up: no script continues it. So is one whose node is neither described nor in the cluster any more. One whose marker
 * could not be read is kept: it may be whole, and no script fills or switches to a volume before it has read the marker itself.
 *
 * @throws UserError where the node that wrote the copy can't be asked. The app runs then, and asking again is all that is left to do
 */
export async function unrecordedSeals(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
): Promise<[string, NewEntry][]> {
  const found: [string, NewEntry][] = [];
  for (const volume of volumes) {
    const name = persistentVolumeName(volume.target);
    const latest = site.journal.latest(name);
    if (latest?.state !== 'prepared' || !(await isSealed(site, volume, latest))) continue;
    const { at: _, ...entry } = latest;
    found.push([name, { ...entry, state: 'rolled-back', neverLive: true }]);
  }
  return found;
}

async function isSealed(
  { client, nodes, signal }: CutoverContext,
  { target: volume, chap }: VolumeMove,
  latest: JournalEntry,
): Promise<boolean> {
  const node = nodes.find(({ name }) => name === latest.node);
  if (!node) {
    const all = await untilAsked(() => client.list<V1Node>('Node'), { signal });
    // It is gone for good: nobody can ever tell, and no script continues what it wrote.
    if (!nodeNamed(latest.node, all)) return true;
    throw new UserError(
      `whether ${volume.name} was sealed can't be asked of node ${latest.node}, which wrote it and is not described with ssh any more: ` +
        `put it back into nodes; if it is gone for good, delete it from the cluster ("kubectl delete node ${latest.node}")`,
      { category: 'usage', code: 'no-such-node' },
    );
  }
  const { target: identity, attempt: number, uuid } = requireKind(volume, latest);
  const attempt = { volume: persistentVolumeName(volume), attempt: number, uuid };
  const { script } = movable(volume).release(volume, { identity, attempt, ...(chap && { chap }) });
  const report = await untilAsked(() => node.runner.run(script), { signal, patienceSeconds: PATIENCE_SECONDS });
  return report.result === 'declined' && report.code === 'other-marker';
}
