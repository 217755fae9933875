import type { LiveCluster } from '../cluster/live';
import { volumeUses } from '../cluster/volume-uses';
import type { PersistentVolume } from '../volumes/kinds';

/** A volume with a claim, as a description names it. */
export interface DescribedVolume {
  /** Key of the first app that mounts it. */
  readonly app: string;
  readonly volume: PersistentVolume;
  /** Namespace of the claim. */
  readonly namespace: string;
  /** Whether it is the generation that its app uses today. */
  readonly isLive: boolean;
}

/** Every described volume that has a claim, each once, including generations that are not live. */
export function describedVolumes({ cluster, apps }: LiveCluster): DescribedVolume[] {
  const found = new Map<string, DescribedVolume>();
  for (const { app, mountPath, volume, namespace } of volumeUses(cluster.apps, cluster.namespace.name)) {
    const key = `${namespace}/${volume.name}`;
    const live = apps[app]?.mounts.find((mount) => mount.mountPath === mountPath)?.volume;
    const isLive = live !== undefined && 'name' in live && live.name === volume.name;
    const known = found.get(key);
    found.set(key, known ? { ...known, isLive: known.isLive || isLive } : { app, volume, namespace, isLive });
  }
  return [...found.values()];
}
