import { isMovable, movable } from '../../storage/registry';
import { isPersistent, type PersistentVolume } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import type { Cutover } from '../journal/cutover';
import { type JournalEntry, stageOf } from '../journal/entry';
import type { AppPod } from './app-pods';
import type { LiveVolume } from './live-volumes';

/** What runs for an app, and how far its volumes are: from this its next step follows. */
export interface AppProgress {
  readonly app: string;
  /** Its volumes with state. */
  readonly live: readonly LiveVolume[];
  /** Its pods; a text with the reason where they could not be listed. */
  readonly pods: readonly AppPod[] | string;
  readonly cutover?: Cutover;
  readonly volumes: readonly { readonly volume: string; readonly latest: JournalEntry; readonly work: string }[];
}

/** What a person would do next for an app; `undefined` while its cut-over is under way, which says so itself. */
export function nextStep(
  { app, cutover, live, volumes, pods }: AppProgress,
  { mounts }: Pick<MediaAppModel, 'mounts'>,
): string | undefined {
  if (cutover) return undefined;
  if (volumes.some(({ latest }) => stageOf(latest) === 'under way'))
    return `"lunward plan ${app}" shows what is left to do`;
  if (typeof pods !== 'string') {
    const running = pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
    if (running.length === 0) return `no pod runs: "lunward plan ${app}" and "lunward doctor" show what is missing`;
    if (!running.every(({ ready }) => ready)) return '"lunward doctor" shows what is in the way';
  }
  const generations = live.flatMap(({ mountPath, claim, before }) => {
    const all = mounts.find((mount) => mount.mountPath === mountPath)?.generations.filter(isPersistent) ?? [];
    return [{ claim, before, newest: all.at(-1), volume: all.find(({ name }) => name === claim) }];
  });
  const move = generations.find(({ claim, newest }) => newest !== undefined && newest.name !== claim);
  if (move?.newest && wasRolledBack(move.newest, volumes)) return afterRollback(app, move.newest.name, move.before);
  if (move) return `"lunward plan ${app}" shows the move from ${move.claim} to ${move.newest?.name}`;
  const share = generations.find(({ volume }) => volume && isMovable(volume) && movable(volume).isShare);
  if (share) return `to move it off NFS, describe a LUN after ${share.claim}, then run "lunward plan ${app}"`;
  const before = live.flatMap((one) => one.before ?? []);
  if (before.length > 0)
    return `none is needed; "lunward retire ${app}" removes ${before.join(', ')} once you will not roll back any more`;
  return 'none';
}

/** What an app wrote there, or a copy that it never ran on, is not filled again. */
function wasRolledBack(newest: PersistentVolume, volumes: AppProgress['volumes']): boolean {
  if (!isMovable(newest)) return false;
  const name = persistentVolumeName(newest);
  return volumes.some(({ volume, latest }) => volume === name && latest.state === 'rolled-back');
}

function afterRollback(app: string, newest: string, before: string | undefined): string {
  const again = `to move again, describe a new volume after ${newest}, then run "lunward plan ${app}"`;
  return before === newest
    ? `none is needed after the rollback; "lunward rollback ${app}" returns to ${newest}, as ${app} left it; ${again}`
    : again;
}
