import { objectOf, oneOf, text } from '../core/schema';
import { type SecretReference, secretReference } from '../core/secret-reference';
import { csiPersistentVolume, smbDriver } from './csi';
import type { PersistentKind } from './kind';
import { parseShare, shareLocation } from './location';
import {
  type AccessMode,
  type StaticVolumeProps,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A share of an SMB server, mounted by the CSI driver `smb.csi.k8s.io` (csi-driver-smb). */
export interface SmbStaticVolumeProps extends StaticVolumeProps {
  /** The share: `//192.0.2.200/media`, or a directory in it: `//192.0.2.200/media/series`. */
  readonly source: string;
  /** The Secret with `username` and `password`, and optionally `domain`. Default: the share is mounted as guest. */
  readonly nodeStageSecretRef?: SecretReference;
  /** The driver's name for the volume, unique in the cluster. Default: the name of the PersistentVolume. */
  readonly volumeHandle?: string;
}

/** An `SmbStaticVolume` in a description. */
export type SmbVolume = SmbStaticVolumeProps & { readonly kind: 'smb' };

const defaultAccessMode: AccessMode = 'ReadWriteMany';

/** SMB through its CSI driver. */
export const smbKind: PersistentKind<SmbVolume> = {
  kind: 'smb',
  access: 'node',
  schema: objectOf<SmbVolume>({
    ...staticVolumeShape,
    kind: oneOf(['smb']),
    volumeMode: oneOf(['Filesystem']).optional(),
    source: text('a share such as "//192.0.2.200/media"', (source) => parseShare(source) !== undefined),
    nodeStageSecretRef: secretReference.optional(),
    volumeHandle: text('a volume handle').optional(),
  }),
  networkFileSystem: () => true,
  attachable: () => false,
  location: (volume) => shareLocation(volume.source),
  persistentVolume: (volume, namespace) =>
    csiPersistentVolume(
      { ...volume, driver: smbDriver, volumeAttributes: { source: volume.source } },
      namespace,
      defaultAccessMode,
    ),
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes a share of an SMB server. */
export function smb(props: SmbStaticVolumeProps): SmbVolume {
  return { kind: 'smb', ...props };
}
