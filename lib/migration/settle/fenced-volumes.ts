import type { FencedPlace, FenceProps } from '../../kubernetes/fence';
import { fencedLocations } from '../../storage/fenced-locations';
import { isMovable, movable } from '../../storage/registry';
import { type InlineVolume, isPersistent, kindOf, type PersistentVolume } from '../../volumes/kinds';
import { exportLocation, type Location, overlaps } from '../../volumes/location';
import type { MediaAppModel } from '../../workload/model';
import type { RecordedPlaces } from './recorded-places';

/** What pods are kept from while others may be used: claims, folders, LUNs. */
export type Fenced = Required<Pick<FenceProps, 'claims' | 'nfs' | 'luns'>>;

/** What may be used, and what else must not be. */
export interface FenceScope {
  /** The mounts whose generations are fenced. */
  readonly mountPaths: readonly string[];
  /** Volumes that may be used. */
  readonly used: readonly (PersistentVolume | InlineVolume)[];
  /** Claims that are fenced besides those of described generations. Default: none. */
  readonly left?: readonly string[];
  /** Default: each volume is where it is described. */
  readonly places?: RecordedPlaces;
}

/**
 * All generations of mounts but those that may be used: an app that was moved twice has two old ones. A folder around one that may
 * be used, or in it, is left out. The order in the description does not matter.
 */
export function fencedVolumes(
  { mounts, namespace }: Pick<MediaAppModel, 'mounts' | 'namespace'>,
  { mountPaths, used, left = [], places = new Map() }: FenceScope,
): Fenced {
  const inUse = used.flatMap((volume) => locationsInUse(volume, namespace, places));
  const usedClaims = used.filter(isPersistent).map(({ name }) => name);
  const generations = mounts
    .filter(({ mountPath }) => mountPaths.includes(mountPath))
    .flatMap((mount) => mount.generations.filter(isPersistent))
    .filter(({ name }) => !usedClaims.includes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const described = generations.map(({ name }) => name);
  const fences: FencedPlace[] = [
    ...generations.flatMap((volume) => places.get(volume.name) ?? describedPlaces(volume)),
    ...left.filter((claim) => !described.includes(claim)).flatMap((claim) => places.get(claim) ?? []),
  ].filter((place) => !fencedLocations(place).some((one) => inUse.some((other) => overlaps(one, other))));
  return {
    claims: [...new Set([...described, ...left])],
    nfs: fences.flatMap(({ nfs = [] }) => nfs),
    luns: fences.flatMap(({ luns = [] }) => luns),
  };
}

function describedPlaces(volume: PersistentVolume): FencedPlace[] {
  return isMovable(volume) ? [movable(volume).fence(volume)] : [];
}

/** Nothing of one that no generation can share its bytes with. */
function locationsInUse(
  volume: PersistentVolume | InlineVolume,
  namespace: string,
  places: RecordedPlaces,
): readonly Location[] {
  if (isPersistent(volume)) {
    return places.get(volume.name)?.flatMap(fencedLocations) ?? [kindOf(volume).location(volume, namespace)];
  }
  return volume.kind === 'inlineNfs' ? [exportLocation('NFS', volume.server, volume.path)] : [];
}
