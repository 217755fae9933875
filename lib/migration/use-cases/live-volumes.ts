import type { Lock } from '../../cluster/lock';
import { isPersistent } from '../../volumes/kinds';
import type { MediaAppModel } from '../../workload/model';
import type { Journal } from '../journal/journal';

/** Which claim an app's data is on at a mount path. */
export interface LiveVolume {
  readonly mountPath: string;
  readonly claim: string;
  /** The claim that was live before. Default: the data was never moved. */
  readonly before?: string;
  /** What says so: the journal of an app that was moved; of any other the lock file, or without an entry the description. */
  readonly by: 'journal' | 'lock' | 'description';
}

/** Those with the app's state: its config volume, and any volume that was moved or has a generation to move to. */
export function liveVolumes(
  app: string,
  { mounts, configPath }: Pick<MediaAppModel, 'mounts' | 'configPath'>,
  { live, before }: Pick<Journal, 'live' | 'before'>,
  lock: Lock,
): LiveVolume[] {
  const moved = Object.entries(live).map(
    ([mountPath, claim]): LiveVolume => ({
      mountPath,
      claim,
      ...(before[mountPath] && { before: before[mountPath] }),
      by: 'journal',
    }),
  );
  const others = mounts
    .filter(({ mountPath, generations }) => mountPath === configPath || generations.length > 1)
    .filter(({ mountPath }) => !Object.hasOwn(live, mountPath))
    .flatMap(({ mountPath, generations }): LiveVolume[] => {
      const claims = generations.filter(isPersistent).map(({ name }) => name);
      const [first] = claims;
      if (first === undefined) return [];
      const locked = lock.live[app]?.[mountPath];
      return locked !== undefined && claims.includes(locked)
        ? [{ mountPath, claim: locked, by: 'lock' }]
        : [{ mountPath, claim: first, by: 'description' }];
    });
  return [...moved, ...others];
}
