import { UserError } from '../../core/problems';
import type { Chap } from '../../scripts/chap';
import type { CopyProps } from '../../scripts/copy/copy';
import { type DataVolume, movable } from '../../storage/registry';
import type { SettingPatch } from '../../workload/facts';
import type { Cutover } from '../journal/cutover';
import type { JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { journaledTarget } from '../journal/journaled-target';
import { fileSystemOf } from '../plan/plan';

/** A volume that changes hands: where its data is, and where it goes. */
export interface VolumeMove {
  readonly mountPath: string;
  readonly source: DataVolume;
  readonly target: DataVolume;
  /** Of the target. */
  readonly chap?: Chap;
  readonly sourceChap?: Chap;
  /** What to change in the data after the copy. */
  readonly patches: readonly SettingPatch[];
}

/** What scripts are told of a volume, once the app is down. @throws UserError where it is not recorded which disk the source is */
export function copyPropsOf({ source: from, target, chap, sourceChap }: VolumeMove, latest: JournalEntry): CopyProps {
  const { target: place, attempt } = journaledTarget(target, latest);
  const source = movable(from).source(from, { sourceIdentity: latest.source, sourceChap });
  return { source, target: place, attempt, fileSystem: fileSystemOf(target), ...(chap && { chap }) };
}

/** The claims of the old volumes, or of the new ones, by mount path. */
export function claimsOf(volumes: readonly VolumeMove[], side: 'source' | 'target'): Record<string, string> {
  return Object.fromEntries(volumes.map((volume) => [volume.mountPath, volume[side].name]));
}

/** The old volumes, or the new ones, where they are mounted. */
export function mountedOf(
  volumes: readonly Pick<VolumeMove, 'mountPath' | 'source' | 'target'>[],
  side: 'source' | 'target',
) {
  return volumes.map((volume) => ({ mountPath: volume.mountPath, volume: volume[side] }));
}

/** The same changes, the other way round. */
export function reversed(volumes: Cutover['volumes']): Cutover['volumes'] {
  return volumes.map(({ mountPath, from, to }) => ({ mountPath, from: to, to: from }));
}

/** Whether the new volumes are live already. */
export function isSwitched({ live }: Pick<Journal, 'live'>, volumes: readonly VolumeMove[]): boolean {
  return volumes.every(({ mountPath, target }) => live[mountPath] === target.name);
}

/**
 * Refuses to work at a cut-over whose phase says something else of what is live than `live` does: whichever of them is wrong, an app
 * would be started on the wrong volume.
 *
 * @throws UserError if someone has edited the journal
 */
export function assertPhaseIsLive(
  { app, journal }: { readonly app: string; readonly journal: Pick<Journal, 'live'> },
  volumes: readonly VolumeMove[],
  { phase }: Pick<Cutover, 'phase'>,
): void {
  const side = phase === 'stopping' || phase === 'returning' ? 'source' : 'target';
  const wrong = volumes.filter((volume) => {
    const live = journal.live[volume.mountPath];
    return side === 'target' ? live !== volume.target.name : live === volume.target.name;
  });
  if (wrong.length === 0) return;
  const said = wrong.map((volume) => {
    const live = journal.live[volume.mountPath] ?? 'no claim';
    return `${volume.mountPath} is live on ${live}, expected ${volume[side].name}`;
  });
  throw new UserError(
    `The journal of ${app} contradicts itself: in phase "${phase}" ${said.join('; ')}. Nothing was changed: ` +
      `restore ConfigMap lunward-${app} from a backup, or make its "live" name the volumes with the app's latest data`,
    { category: 'refused', code: 'journal-unusable' },
  );
}
