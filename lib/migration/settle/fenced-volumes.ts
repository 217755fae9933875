import type { FenceProps } from '../../kubernetes/fence';
import { isMovable, movable } from '../../storage/registry';
import { type InlineVolume, isPersistent, kindOf, type PersistentVolume } from '../../volumes/kinds';
import { exportLocation, type Location, overlaps } from '../../volumes/location';
import type { MediaAppModel } from '../../workload/model';

/** What pods are kept from while others may be used: claims, folders, LUNs. */
export type Fenced = Required<Pick<FenceProps, 'claims' | 'nfs' | 'luns'>>;

/**
 * All generations of mounts but those that may be used: an app that was moved twice has two old ones. A folder around one that may
 * be used, or in it, is left out. The order in the description does not matter.
 */
export function fencedVolumes(
  { mounts, namespace }: Pick<MediaAppModel, 'mounts' | 'namespace'>,
  mountPaths: readonly string[],
  used: readonly (PersistentVolume | InlineVolume)[],
): Fenced {
  const places = used.flatMap((volume) => placeOf(volume, namespace) ?? []);
  const claims = used.filter(isPersistent).map(({ name }) => name);
  const generations = mounts
    .filter(({ mountPath }) => mountPaths.includes(mountPath))
    .flatMap((mount) => mount.generations.filter(isPersistent))
    .filter(({ name }) => !claims.includes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const apart = generations.filter(
    (volume) => !places.some((place) => overlaps(place, kindOf(volume).location(volume, namespace))),
  );
  const fences = apart.filter(isMovable).map((volume) => movable(volume).fence(volume));
  return {
    claims: generations.map(({ name }) => name),
    nfs: fences.flatMap(({ nfs = [] }) => nfs),
    luns: fences.flatMap(({ luns = [] }) => luns),
  };
}

/** Nothing of one that no generation can share its bytes with. */
function placeOf(volume: PersistentVolume | InlineVolume, namespace: string): Location | undefined {
  if (isPersistent(volume)) return kindOf(volume).location(volume, namespace);
  return volume.kind === 'inlineNfs' ? exportLocation('NFS', volume.server, volume.path) : undefined;
}
