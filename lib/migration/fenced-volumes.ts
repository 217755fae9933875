import { type FenceProps, putFence } from '../kubernetes/fence';
import type { IscsiVolume } from '../volumes/iscsi';
import { isPersistent, kindOf, type PersistentVolume } from '../volumes/kinds';
import { overlaps } from '../volumes/location';
import type { NfsVolume } from '../volumes/nfs';
import type { MediaAppModel } from '../workload/model';
import type { Site } from './site';

/** What pods are kept from while others may be used: claims, folders, LUNs. */
export type Fenced = Required<Pick<FenceProps, 'claims' | 'nfs' | 'luns'>>;

/**
 * All generations of mounts but those that may be used: an app that was moved twice has two old ones. A folder around one that may
 * be used, or in it, is left out.
 */
export function fencedVolumes(
  { mounts, namespace }: Pick<MediaAppModel, 'mounts' | 'namespace'>,
  mountPaths: readonly string[],
  used: readonly PersistentVolume[],
): Fenced {
  const places = used.map((volume) => kindOf(volume).location(volume, namespace));
  const generations = mounts
    .filter(({ mountPath }) => mountPaths.includes(mountPath))
    .flatMap((mount) => mount.generations.filter(isPersistent))
    .filter(({ name }) => !used.some((one) => one.name === name));
  const apart = generations.filter(
    (volume) => !places.some((place) => overlaps(place, kindOf(volume).location(volume, namespace))),
  );
  return {
    claims: generations.map(({ name }) => name),
    nfs: apart
      .filter((volume): volume is NfsVolume => volume.kind === 'nfs')
      .map(({ server, path }) => ({ server, path })),
    luns: apart
      .filter((volume): volume is IscsiVolume => volume.kind === 'iscsi')
      .map(({ iqn, lun }) => ({ iqn, lun })),
  };
}

/** Keeps pods from all generations of mounts but those that may be used; see `putFence`. */
export function fenceAllBut(
  { app, client, model }: Pick<Site, 'app' | 'client' | 'model'>,
  used: readonly { readonly mountPath: string; readonly volume: PersistentVolume }[],
  how: Pick<FenceProps, 'message' | 'workloads'>,
): ReturnType<typeof putFence> {
  const fenced = fencedVolumes(
    model,
    used.map(({ mountPath }) => mountPath),
    used.map(({ volume }) => volume),
  );
  return putFence(client, { app, namespace: model.namespace, ...fenced, ...how });
}
