import { isDeepStrictEqual } from 'node:util';
import type { V1Volume, V1VolumeMount } from '../../core/kubernetes';
import { compact } from '../../core/kubernetes';
import { inlineKindOf, isPersistent } from '../../volumes/kinds';
import type { LiveMount } from '../model';

/** The volumes of the app's pod, and where its container mounts them. */
export interface PodVolumes {
  readonly volumes: readonly V1Volume[];
  readonly volumeMounts: readonly V1VolumeMount[];
}

/** Returns the pod's volumes. A volume that is mounted several times becomes one volume of the pod. */
export function podVolumes(mounts: readonly LiveMount[]): PodVolumes {
  const volumes: V1Volume[] = [];
  const volumeMounts = mounts.map((mount): V1VolumeMount => {
    const source = volumeSource(mount);
    const same = volumes.find(
      ({ name, ...other }) => isDeepStrictEqual(other, source) && (mount.name ?? name) === name,
    );
    const name = same?.name ?? mount.name ?? freeName(defaultName(mount), volumes);
    if (!same) {
      volumes.push({ name, ...source });
    }
    const { mountPath, subPath, readOnly, mountPropagation } = mount;
    return compact({ name, mountPath, subPath, readOnly, mountPropagation });
  });
  return { volumes, volumeMounts };
}

function volumeSource({ volume }: LiveMount): Omit<V1Volume, 'name'> {
  // For a claim only this `readOnly` counts. The kubelet ignores the PersistentVolume's: Kubernetes,
  // pkg/volume/iscsi/iscsi.go getISCSIVolumeInfo, nfs.go getVolumeSource, csi_util.go getReadOnlyFromSpec.
  return isPersistent(volume)
    ? { persistentVolumeClaim: compact({ claimName: volume.name, readOnly: volume.readOnly || undefined }) }
    : inlineKindOf(volume).source(volume);
}

// Named after the oldest generation, whichever is live, because sidecars mount the volume by this name before and after
// a migration.
function defaultName({ generations: [volume], mountPath }: LiveMount): string {
  const wanted = volume && isPersistent(volume) ? volume.name : (mountPath.split('/').pop() ?? '');
  const name = wanted
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return name || 'volume';
}

function freeName(wanted: string, volumes: readonly V1Volume[]): string {
  let name = wanted;
  for (let number = 2; volumes.some((volume) => volume.name === name); number++) {
    name = `${wanted}-${number}`;
  }
  return name;
}
