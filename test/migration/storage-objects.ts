import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { DataVolume } from '../../lib/storage/registry';
import { persistentVolumeName } from '../../lib/volumes/static-volume';
import { volumeManifests } from '../../lib/workload/manifests/manifests';
import { untyped } from '../helpers';

/** A described volume as the cluster has it once it is bound. */
export function boundObjectsOf(volume: DataVolume): {
  readonly claim: V1PersistentVolumeClaim;
  readonly persistentVolume: V1PersistentVolume;
} {
  const [persistentVolume, claim] = volumeManifests(volume, 'media');
  const uid = `uid-of-${volume.name}`;
  const claimRef = { namespace: 'media', name: volume.name, uid };
  return {
    claim: untyped({ ...claim, metadata: { ...claim?.metadata, uid }, status: { phase: 'Bound' } }),
    persistentVolume: untyped({
      ...persistentVolume,
      spec: { ...persistentVolume?.spec, claimRef },
      status: { phase: 'Bound' },
    }),
  };
}

/** A pod of the app "app" that has a volume mounted at /config, on node-b. */
export function podOn(volume: Pick<DataVolume, 'name'>): V1Pod {
  return untyped({
    metadata: { name: 'app-1', namespace: 'media', uid: 'uid-of-app-1', labels: { 'app.kubernetes.io/name': 'app' } },
    spec: {
      nodeName: 'node-b',
      containers: [{ name: 'app', volumeMounts: [{ name: 'state', mountPath: '/config' }] }],
      volumes: [{ name: 'state', persistentVolumeClaim: { claimName: volume.name } }],
    },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', restartCount: 0, state: { running: {} } }] },
  });
}

/** What its node has mounted for that pod. */
export function mountOf(volume: DataVolume) {
  return volume.kind === 'nfs'
    ? {
        plugin: 'kubernetes.io~nfs',
        volume: persistentVolumeName(volume),
        type: 'nfs4',
        source: `${volume.server}:${volume.path}`,
        disks: [],
      }
    : {
        plugin: 'kubernetes.io~iscsi',
        volume: persistentVolumeName(volume),
        type: 'ext4',
        source: '/dev/sdb',
        disks: [{ iqn: volume.iqn, lun: volume.lun, portal: volume.targetPortal }],
      };
}
