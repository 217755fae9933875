import { at } from '../spec/paths';
import type { Warning } from '../spec/problems';
import { isPersistent, type PersistentVolume } from '../volumes/kinds';
import { appWarnings, sameVolume } from '../workload/check';
import { liveVolumes } from '../workload/manifests';
import { type MediaAppModel, resolveApp } from '../workload/model';
import { appContext, type Cluster } from './cluster';
import { checkLock, emptyLock, type Lock } from './lock';

/** A cluster as it is live: one generation of each volume, and what apps share set apart. */
export interface LiveCluster {
  readonly cluster: Cluster;
  /** By their keys in the description, which name their files and stacks. */
  readonly apps: Readonly<Record<string, MediaAppModel>>;
  /** Volumes that more than one app mounts. */
  readonly shared: readonly PersistentVolume[];
  readonly warnings: readonly Warning[];
}

/**
 * Chooses the live generations.
 *
 * @throws DescriptionError when the lock names a generation that is not described.
 */
export function liveCluster(cluster: Cluster, lock: Lock = emptyLock): LiveCluster {
  const lockWarnings = checkLock(cluster, lock);
  const apps = Object.fromEntries(
    Object.entries(cluster.apps).map(([key, props]) => [
      key,
      resolveApp(props, appContext(cluster.description, key, lock.live[key])),
    ]),
  );
  return {
    cluster,
    apps,
    shared: sharedVolumes(Object.values(apps)),
    warnings: [...lockWarnings, ...Object.entries(apps).flatMap(([key, app]) => appWarnings(app, at('apps', key)))],
  };
}

/** The volumes of an app that are its own to make. */
export function ownVolumes(live: LiveCluster, app: MediaAppModel): PersistentVolume[] {
  return liveVolumes(app).filter((volume) => !live.shared.some((shared) => sameVolume(shared, volume)));
}

function sharedVolumes(apps: readonly MediaAppModel[]): PersistentVolume[] {
  const owners = new Map<string, { volume: PersistentVolume; apps: number }>();
  for (const app of apps) {
    for (const volume of liveVolumes(app).filter(isPersistent)) {
      const key = `${volume.namespace ?? app.namespace}/${volume.name}`;
      owners.set(key, { volume, apps: (owners.get(key)?.apps ?? 0) + 1 });
    }
  }
  return [...owners.values()].filter(({ apps: count }) => count > 1).map(({ volume }) => volume);
}
