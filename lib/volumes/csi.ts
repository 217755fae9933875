import { compact } from '../core/kubernetes';
import { subdomainName } from '../core/names';
import { mapOf, objectOf, oneOf, type Shape, text } from '../core/schema';
import { inNamespace, type SecretReference, secretReference } from '../core/secret-reference';
import type { PersistentKind } from './kind';
import { type Location, lunLocation, nfsCsiLocation, shareLocation } from './location';
import {
  type AccessMode,
  type StaticVolumeProps,
  staticPersistentVolume,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** An existing volume that a CSI driver serves. */
export interface CsiStaticVolumeProps extends StaticVolumeProps {
  /** Name of the driver, as in its CSIDriver object. */
  readonly driver: string;
  /** The driver's name for the volume, unique in the cluster. Default: the name of the PersistentVolume. */
  readonly volumeHandle?: string;
  /** File system type, if the driver mounts one. Default: the driver's. */
  readonly fsType?: string;
  /** The driver's own settings. Every value is a string, numbers included. */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /** The Secret for attaching the volume to a node (ControllerPublishVolume). Default namespace: the claim's. */
  readonly controllerPublishSecretRef?: SecretReference;
  /** The Secret for staging the volume on a node (NodeStageVolume). Default namespace: the claim's. */
  readonly nodeStageSecretRef?: SecretReference;
  /** The Secret for mounting the volume into a pod (NodePublishVolume). Default namespace: the claim's. */
  readonly nodePublishSecretRef?: SecretReference;
  /** The Secret for growing the volume (ControllerExpandVolume). Default namespace: the claim's. */
  readonly controllerExpandSecretRef?: SecretReference;
  /** The Secret for growing the volume on a node (NodeExpandVolume). Default namespace: the claim's. */
  readonly nodeExpandSecretRef?: SecretReference;
}

/** A `CsiStaticVolume` in a description. */
export type CsiVolume = CsiStaticVolumeProps & { readonly kind: 'csi' };

const defaultAccessMode: AccessMode = 'ReadWriteOnce';

const secretRefSchema = secretReference.optional();

const shape: Shape<CsiVolume> = {
  ...staticVolumeShape,
  kind: oneOf(['csi']),
  driver: text('the name of a CSI driver such as "nfs.csi.k8s.io"', isDriverName),
  volumeHandle: text('a volume handle').optional(),
  fsType: text('a file system such as "ext4"').optional(),
  volumeAttributes: mapOf(text('a string; CSI knows no numbers, so write "1"', () => true)).optional(),
  controllerPublishSecretRef: secretRefSchema,
  nodeStageSecretRef: secretRefSchema,
  nodePublishSecretRef: secretRefSchema,
  controllerExpandSecretRef: secretRefSchema,
  nodeExpandSecretRef: secretRefSchema,
};

/** Driver name of csi-driver-nfs. */
export const nfsDriver = 'nfs.csi.k8s.io';
/** Driver name of csi-driver-smb. */
export const smbDriver = 'smb.csi.k8s.io';
const networkDrivers: readonly string[] = [nfsDriver, smbDriver];

/** A static volume of any CSI driver. */
export const csiKind: PersistentKind<CsiVolume> = {
  kind: 'csi',
  access: 'pod',
  schema: objectOf<CsiVolume>(shape),
  networkFileSystem: (volume) => networkDrivers.includes(volume.driver),
  attachable: (volume) => !networkDrivers.includes(volume.driver),
  location: csiLocation,
  persistentVolume: (volume, namespace) => csiPersistentVolume(volume, namespace, defaultAccessMode),
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes an existing volume that a CSI driver serves. */
export function csi(props: CsiStaticVolumeProps): CsiVolume {
  return { kind: 'csi', ...props };
}

/** Returns the PersistentVolume for any CSI driver. The kinds for single drivers use it too. */
export function csiPersistentVolume(volume: CsiStaticVolumeProps, namespace: string, accessMode: AccessMode) {
  const secretRef = (reference?: SecretReference) => inNamespace(reference, volume.namespace ?? namespace);
  return staticPersistentVolume(
    volume,
    namespace,
    accessMode,
    {
      csi: compact({
        driver: volume.driver,
        volumeHandle: volume.volumeHandle ?? volume.volumeName ?? volume.name,
        fsType: volume.fsType,
        readOnly: volume.readOnly,
        volumeAttributes: volume.volumeAttributes && { ...volume.volumeAttributes },
        controllerPublishSecretRef: secretRef(volume.controllerPublishSecretRef),
        nodeStageSecretRef: secretRef(volume.nodeStageSecretRef),
        nodePublishSecretRef: secretRef(volume.nodePublishSecretRef),
        controllerExpandSecretRef: secretRef(volume.controllerExpandSecretRef),
        nodeExpandSecretRef: secretRef(volume.nodeExpandSecretRef),
      }),
    },
    // The drivers' own examples have this annotation; a driver's controller may ignore a PersistentVolume without it.
    { 'pv.kubernetes.io/provisioned-by': volume.driver },
  );
}

function isDriverName(name: string): boolean {
  return name.length <= 63 && subdomainName.safeParse(name.toLowerCase()).success;
}

function csiLocation(volume: CsiVolume): Location {
  const { iqn, lun, source } = volume.volumeAttributes ?? {};
  if (iqn !== undefined && lun !== undefined) {
    return lunLocation(iqn, lun);
  }
  const folder = volume.driver === nfsDriver && nfsCsiLocation(volume.volumeAttributes);
  if (folder) {
    return folder;
  }
  if (volume.driver === smbDriver && source !== undefined) {
    return shareLocation(source);
  }
  return { system: `volume ${volume.volumeHandle ?? volume.volumeName ?? volume.name} of ${volume.driver}` };
}
