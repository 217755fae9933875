import { isDeepStrictEqual } from 'node:util';
import type { FencedPlace } from '../../kubernetes/fence';
import type { MountObjects } from '../../kubernetes/volume-users';
import { fenceOfSource, isMovable, movableOf } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import type { Journal } from '../journal/journal';

/** Where cluster and journal have the volumes that the description has elsewhere, or not at all: by claim. */
export type RecordedPlaces = ReadonlyMap<string, readonly FencedPlace[]>;

/** What such places are read from. */
export interface PlaceRecords extends Pick<MountObjects, 'claims' | 'volumes'> {
  readonly model: Pick<MediaAppModel, 'mounts' | 'namespace'>;
  readonly journal: Pick<Journal, 'latest'>;
}

/** Where these claims keep their bytes, whatever the description says. A claim of which that is not known has no place. */
export function recordedPlaces(wanted: readonly string[], records: PlaceRecords): RecordedPlaces {
  const placesOf = (claim: string) => {
    const inCluster = placesInCluster(claim, records);
    const inJournal = placesInJournal(claim, records);
    return [...inCluster, ...inJournal.filter((one) => !inCluster.some((other) => isDeepStrictEqual(one, other)))];
  };
  return new Map(wanted.map((claim) => [claim, placesOf(claim)]));
}

function placesInCluster(name: string, { model, claims, volumes }: PlaceRecords): FencedPlace[] {
  const own = describedAs(name, model);
  const namespace = own?.namespace ?? model.namespace;
  const claim = claims.find(({ metadata }) => metadata?.name === name && metadata.namespace === namespace);
  const bound = claim?.spec?.volumeName ?? (own && persistentVolumeName(own));
  const found = volumes.find(({ metadata, spec }) =>
    bound ? metadata?.name === bound : spec?.claimRef?.name === name && spec.claimRef.namespace === namespace,
  );
  return found?.spec ? fenceOfSource(found.spec) : [];
}

function placesInJournal(name: string, { model, journal }: PlaceRecords): FencedPlace[] {
  const own = describedAs(name, model);
  const latest = own && journal.latest(persistentVolumeName(own));
  if (latest?.state !== 'sealed') return [];
  return [movableOf(latest.target).fenceOfIdentity?.(latest.target) ?? []].flat();
}

function describedAs(name: string, { mounts }: PlaceRecords['model']) {
  return mounts
    .flatMap(({ generations }) => generations.filter(isPersistent).filter(isMovable))
    .find((volume) => volume.name === name);
}
