import { at } from '../core/paths';
import type { Warning } from '../core/problems';
import { isPersistent, type PersistentVolume } from '../volumes/kinds';
import { appWarnings } from '../workload/checks/check';
import { presentVolumes } from '../workload/manifests/manifests';
import { type MediaAppModel, resolveApp } from '../workload/model';
import { appContext, type Cluster } from './cluster';
import { checkLock, emptyLock, type Lock } from './lock';

/** A cluster as it is live: one generation of each volume, and what apps share set apart. */
export interface LiveCluster {
  readonly cluster: Cluster;
  /** By their keys in the description, which name their files and stacks. */
  readonly apps: Readonly<Record<string, MediaAppModel>>;
  /** Volumes that more than one app mounts, each with its namespace. */
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
      resolveApp(props, {
        ...appContext(cluster.description, key),
        live: lock.live[key],
        sealed: lock.sealed?.[key],
        retired: lock.retired?.[key],
      }),
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
  const shared = new Set(live.shared.map((volume) => claimKey(volume, app.namespace)));
  return presentVolumes(app).filter((volume) => !shared.has(claimKey(volume, app.namespace)));
}

function sharedVolumes(apps: readonly MediaAppModel[]): PersistentVolume[] {
  const owners = new Map<string, { volume: PersistentVolume; apps: number }>();
  for (const app of apps) {
    for (const volume of presentVolumes(app).filter(isPersistent)) {
      const key = claimKey(volume, app.namespace);
      // With its namespace: outside its apps there is nothing else to say which one is meant.
      const withNamespace = { ...volume, namespace: volume.namespace ?? app.namespace };
      owners.set(key, { volume: withNamespace, apps: (owners.get(key)?.apps ?? 0) + 1 });
    }
  }
  return [...owners.values()].filter(({ apps: count }) => count > 1).map(({ volume }) => volume);
}

function claimKey({ name, namespace }: PersistentVolume, ofApp: string): string {
  return `${namespace ?? ofApp}/${name}`;
}
