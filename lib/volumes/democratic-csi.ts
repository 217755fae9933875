import { portal } from '../core/addresses';
import { iscsiName } from '../core/iscsi-names';
import type { V1VolumeNodeAffinity } from '../core/kubernetes';
import { integer, kubernetes, listOf, objectOf, oneOf, text } from '../core/schema';
import { type SecretReference, secretReference } from '../core/secret-reference';
import { csiPersistentVolume } from './csi';
import type { PersistentKind } from './kind';
import { lunLocation } from './location';
import {
  type AccessMode,
  type StaticVolumeProps,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A LUN that was made by hand. democratic-csi's `node-manual` driver mounts it. */
export interface DemocraticCsiStaticVolumeProps extends StaticVolumeProps {
  /** Address and port of the target: `192.0.2.200:3260`. */
  readonly targetPortal: string;
  /** Name of the target. */
  readonly iqn: string;
  /** LUN number, 0 to 255. The driver expects a string; the manifest contains one. */
  readonly lun: number;
  /** More portals of the same target, for multipath. */
  readonly portals?: readonly string[];
  /** File system on the LUN. Default: `ext4`. */
  readonly fsType?: string;
  /** The nodes that may mount the LUN. Required, because nothing else stops two nodes from attaching it. */
  readonly nodeAffinity: V1VolumeNodeAffinity;
  /** Driver name, as set by `csiDriver.name` of its chart. Default: `org.democratic-csi.node-manual`. */
  readonly driver?: string;
  /**
   * The Secret with the CHAP names and passwords: keys `node-db.node.session.auth.username` and so on. Default: no
   * CHAP.
   */
  readonly nodeStageSecretRef?: SecretReference;
}

/** A `DemocraticCsiStaticVolume` in a description. */
export type DemocraticCsiVolume = DemocraticCsiStaticVolumeProps & { readonly kind: 'democraticCsi' };

const defaultAccessMode: AccessMode = 'ReadWriteOnce';

/** democratic-csi's `node-manual` driver. The attribute names are those in its `examples/node-manual-iscsi-pv.yaml`. */
export const democraticCsiKind: PersistentKind<DemocraticCsiVolume> = {
  kind: 'democraticCsi',
  access: 'pod',
  schema: objectOf<DemocraticCsiVolume>({
    ...staticVolumeShape,
    kind: oneOf(['democraticCsi']),
    targetPortal: portal,
    iqn: iscsiName,
    lun: integer(0, 255),
    portals: listOf(portal).optional(),
    fsType: text('a file system such as "ext4"').optional(),
    nodeAffinity: kubernetes<V1VolumeNodeAffinity>(
      "the nodes that may mount it; write onNodes('node-a'), for this driver does not keep a second node away",
    ),
    driver: text('the name of the driver').optional(),
    nodeStageSecretRef: secretReference.optional(),
  }),
  networkFileSystem: () => false,
  attachable: () => true,
  location: (volume) => lunLocation(volume.iqn, volume.lun),
  persistentVolume: (volume, namespace) => {
    const { targetPortal, iqn, lun, portals, ...common } = volume;
    return csiPersistentVolume(
      {
        ...common,
        driver: volume.driver ?? 'org.democratic-csi.node-manual',
        fsType: volume.volumeMode === 'Block' ? undefined : (volume.fsType ?? 'ext4'),
        volumeAttributes: {
          portal: targetPortal,
          ...(portals && { portals: portals.join(',') }),
          iqn,
          lun: String(lun),
          node_attach_driver: 'iscsi',
          provisioner_driver: 'node-manual',
        },
      },
      namespace,
      defaultAccessMode,
    );
  },
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes a LUN that was made by hand and that democratic-csi's `node-manual` driver mounts. */
export function democraticCsi(props: DemocraticCsiStaticVolumeProps): DemocraticCsiVolume {
  return { kind: 'democraticCsi', ...props };
}
