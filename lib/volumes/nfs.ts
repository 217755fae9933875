import { absolutePath, host } from '../core/addresses';
import { compact } from '../core/kubernetes';
import { objectOf, oneOf } from '../core/schema';
import type { PersistentKind } from './kind';
import { exportLocation } from './location';
import {
  type AccessMode,
  accessModesOf,
  type StaticVolumeProps,
  staticPersistentVolume,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A directory of an NFS server, mounted by the kubelet's in-tree driver. */
export interface NfsStaticVolumeProps extends StaticVolumeProps {
  /** Address or host name of the server. The node resolves the name. */
  readonly server: string;
  /** Path of the directory on the server. */
  readonly path: string;
}

/** An `NfsStaticVolume` in a description. */
export type NfsVolume = NfsStaticVolumeProps & { readonly kind: 'nfs' };

const defaultAccessMode: AccessMode = 'ReadWriteMany';

/** NFS through the in-tree driver. */
export const nfsKind: PersistentKind<NfsVolume> = {
  kind: 'nfs',
  access: 'node',
  schema: objectOf<NfsVolume>({
    ...staticVolumeShape,
    kind: oneOf(['nfs']),
    accessModes: accessModesOf('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'),
    volumeMode: oneOf(['Filesystem']).optional(),
    server: host,
    path: absolutePath,
  }),
  networkFileSystem: () => true,
  attachable: () => false,
  location: (volume) => exportLocation('NFS', volume.server, volume.path),
  persistentVolume: (volume, namespace) =>
    staticPersistentVolume(volume, namespace, defaultAccessMode, {
      nfs: compact({ server: volume.server, path: volume.path, readOnly: volume.readOnly }),
    }),
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes a directory of an NFS server, with a PersistentVolume and a claim. `inlineNfs` needs neither. */
export function nfs(props: NfsStaticVolumeProps): NfsVolume {
  return { kind: 'nfs', ...props };
}
