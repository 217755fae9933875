import { at } from '../core/paths';
import type { Warning } from '../core/problems';
import { isPersistent, type PersistentVolume } from '../volumes/kinds';
import { appWarnings } from '../workload/checks/check';
import { presentVolumes } from '../workload/manifests/manifests';
import { type MediaAppModel, resolveApp } from '../workload/model';
import { appContext, type Cluster } from './cluster';
import { checkLock, emptyLock, type Lock } from './lock';

/** A cluster with the live generation of each volume. Volumes that apps share are separate. */
export interface LiveCluster {
  readonly cluster: Cluster;
  /** The apps, by their keys in the description. Files and stacks are named after the keys. */
  readonly apps: Readonly<Record<string, MediaAppModel>>;
  /** Volumes that more than one app mounts, each with its namespace. */
  readonly shared: readonly PersistentVolume[];
  /** Settings that are allowed but risky, and lock entries of apps that are not described. */
  readonly warnings: readonly Warning[];
}

/**
 * Chooses the live generations.
 *
 * @throws DescriptionError if the lock file names a generation that is not described
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

/** Returns the volumes of an app that no other app mounts. Its manifests include them. */
export function ownVolumes(live: LiveCluster, app: MediaAppModel): PersistentVolume[] {
  const shared = new Set(live.shared.map((volume) => claimKey(volume, app.namespace)));
  return presentVolumes(app).filter((volume) => !shared.has(claimKey(volume, app.namespace)));
}

function sharedVolumes(apps: readonly MediaAppModel[]): PersistentVolume[] {
  const owners = new Map<string, { volume: PersistentVolume; apps: number }>();
  for (const app of apps) {
    for (const volume of presentVolumes(app).filter(isPersistent)) {
      const key = claimKey(volume, app.namespace);
      // Outside of its apps, only the namespace says which claim is meant.
      const withNamespace = { ...volume, namespace: volume.namespace ?? app.namespace };
      owners.set(key, { volume: withNamespace, apps: (owners.get(key)?.apps ?? 0) + 1 });
    }
  }
  return [...owners.values()].filter(({ apps: count }) => count > 1).map(({ volume }) => volume);
}

function claimKey({ name, namespace }: PersistentVolume, ofApp: string): string {
  return `${namespace ?? ofApp}/${name}`;
}
