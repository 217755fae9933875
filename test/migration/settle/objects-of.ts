import type { MountObjects } from '../../../lib/kubernetes/volume-users';
import type { DataVolume } from '../../../lib/storage/registry';
import { volumeManifests } from '../../../lib/workload/manifests/manifests';
import { untyped } from '../../helpers';

/** The objects of volumes, as the cluster has them. */
export function objectsOf(...volumes: readonly DataVolume[]): Pick<MountObjects, 'claims' | 'volumes'> {
  const all = volumes.flatMap((volume) => volumeManifests(volume, 'media', {}));
  const ofKind = <Kind>(wanted: string) => untyped<Kind[]>(all.filter(({ kind }) => kind === wanted));
  return { claims: ofKind('PersistentVolumeClaim'), volumes: ofKind('PersistentVolume') };
}
