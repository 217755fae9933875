import { absolutePath, host } from '../core/addresses';
import { objectOf, oneOf, text } from '../core/schema';
import { csiPersistentVolume, nfsDriver } from './csi';
import type { PersistentKind } from './kind';
import { exportLocation } from './location';
import {
  type AccessMode,
  type StaticVolumeProps,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A directory of an NFS server, mounted by the CSI driver `nfs.csi.k8s.io` (csi-driver-nfs). */
export interface NfsCsiStaticVolumeProps extends StaticVolumeProps {
  /** Address or host name of the server. The node resolves the name. */
  readonly server: string;
  /** Path of the directory on the server. */
  readonly share: string;
  /** The driver's name for the volume, unique in the cluster. Default: the name of the PersistentVolume. */
  readonly volumeHandle?: string;
}

/** An `NfsCsiStaticVolume` in a description. */
export type NfsCsiVolume = NfsCsiStaticVolumeProps & { readonly kind: 'nfsCsi' };

const defaultAccessMode: AccessMode = 'ReadWriteMany';

/** NFS through its CSI driver. */
export const nfsCsiKind: PersistentKind<NfsCsiVolume> = {
  kind: 'nfsCsi',
  access: 'node',
  schema: objectOf<NfsCsiVolume>({
    ...staticVolumeShape,
    kind: oneOf(['nfsCsi']),
    volumeMode: oneOf(['Filesystem']).optional(),
    server: host,
    share: absolutePath,
    volumeHandle: text('a volume handle').optional(),
  }),
  networkFileSystem: () => true,
  attachable: () => false,
  location: (volume) => exportLocation('NFS', volume.server, volume.share),
  persistentVolume: (volume, namespace) =>
    csiPersistentVolume(
      { ...volume, driver: nfsDriver, volumeAttributes: { server: volume.server, share: volume.share } },
      namespace,
      defaultAccessMode,
    ),
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes a directory of an NFS server, mounted by its CSI driver. */
export function nfsCsi(props: NfsCsiStaticVolumeProps): NfsCsiVolume {
  return { kind: 'nfsCsi', ...props };
}
