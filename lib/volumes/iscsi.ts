import { canonicalPortal, kubeletPortal, portal } from '../core/addresses';
import { iscsiName } from '../core/iscsi-names';
import { compact } from '../core/kubernetes';
import { bytesOf, storageSize } from '../core/quantity';
import { flag, integer, listOf, oneOf, refinedObjectOf, type Shape, text } from '../core/schema';
import { inNamespace, type SecretReference, secretReference } from '../core/secret-reference';
import type { PersistentKind } from './kind';
import { lunLocation } from './location';
import {
  type AccessMode,
  accessModesOf,
  persistentVolumeName,
  type StaticVolumeProps,
  staticPersistentVolume,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A LUN of an iSCSI target, mounted by the kubelet's in-tree driver. */
export interface IscsiStaticVolumeProps extends StaticVolumeProps {
  /**
   * Address of the target, with its port if that is not 3260: `192.0.2.200`, `[2001:db8::200]:3260`. A host name is
   * refused.
   */
  readonly targetPortal: string;
  /** Name of the target: an `iqn.`, `eui.` or `naa.` name. */
  readonly iqn: string;
  /** LUN number, 0 to 255: the L of H:C:T:L on a node. A NAS may show a different number. */
  readonly lun: number;
  /** More portals of the same target, for multipath. */
  readonly portals?: readonly string[];
  /**
   * File system on the LUN. Default: `auto`: the kubelet mounts the file system that it finds and never formats. With
   * any other value the kubelet formats a LUN that it cannot read: right for a new LUN, fatal for an unreadable one.
   */
  readonly fsType?: 'auto' | 'ext4' | 'ext3' | 'xfs' | 'btrfs';
  /**
   * Size that the claim requests, after the volume was grown (`lunward resize`): Kubernetes does not change the request
   * of a claim without a storage class. Default: `size`.
   */
  readonly claimSize?: string;
  /** Interface of the initiator. Default: Kubernetes' own, `default` (TCP). */
  readonly iscsiInterface?: string;
  /** Initiator name for this volume only, if the target expects another name than the node's. */
  readonly initiatorName?: string;
  /**
   * Use CHAP at login. The Secret contains `node.session.auth.username` and `.password`; for mutual CHAP also the keys
   * that end in `_in`. Default: `false`.
   */
  readonly chapAuthSession?: boolean;
  /**
   * Use CHAP at discovery. The Secret contains `discovery.sendtargets.auth.username` and `.password`; for mutual CHAP
   * also the keys that end in `_in`. Default: `false`.
   */
  readonly chapAuthDiscovery?: boolean;
  /**
   * The Secret with the CHAP names and passwords, of type `kubernetes.io/iscsi-chap`. Default for its namespace: the
   * claim's.
   */
  readonly secretRef?: SecretReference;
}

/** What a description says about a LUN in addition to its manifests. */
export interface IscsiVolumeProps extends IscsiStaticVolumeProps {
  /**
   * File system that `lunward format` and `lunward migrate` make on a blank LUN. Default: `ext4`. XFS cannot be made
   * smaller. An XFS file system whose creation was interrupted is not recognised: create the LUN again on the NAS.
   */
  readonly formatAs?: 'ext4' | 'xfs';
}

/** An `IscsiStaticVolume` in a description. */
export type IscsiVolume = IscsiVolumeProps & { readonly kind: 'iscsi' };

const defaultAccessMode: AccessMode = 'ReadWriteOnce';
const longestInterfaceName = 64;

const shape: Shape<IscsiVolume> = {
  ...staticVolumeShape,
  kind: oneOf(['iscsi']),
  accessModes: accessModesOf('ReadWriteOnce', 'ReadOnlyMany'),
  targetPortal: portal,
  iqn: iscsiName,
  lun: integer(0, 255, 'ask a node: the number at the end of /dev/disk/by-path/…-lun-N, a NAS may show another one'),
  portals: listOf(portal).optional(),
  fsType: oneOf(['auto', 'ext4', 'ext3', 'xfs', 'btrfs']).optional(),
  formatAs: oneOf(['ext4', 'xfs']).optional(),
  claimSize: storageSize.optional(),
  iscsiInterface: text('the name of an initiator interface such as "default"').optional(),
  initiatorName: iscsiName.optional(),
  chapAuthSession: flag.optional(),
  chapAuthDiscovery: flag.optional(),
  secretRef: secretReference.optional(),
};

const schema = refinedObjectOf<IscsiVolume>(shape, (volume, context) => {
  const chap = volume.chapAuthSession || volume.chapAuthDiscovery;
  if (chap && !volume.secretRef) {
    context.addIssue({
      code: 'custom',
      path: ['secretRef'],
      message: 'the name of the Secret with the CHAP passwords',
    });
  }
  if (volume.secretRef && !chap) {
    context.addIssue({
      code: 'custom',
      path: ['secretRef'],
      message: 'no Secret without CHAP; set chapAuthSession or chapAuthDiscovery, or leave secretRef out',
    });
  }
  // An invalid size is reported on its own. `sizeOf` turns it into NaN, and no size compares as greater than NaN.
  if (sizeOf(volume.claimSize) > sizeOf(volume.size)) {
    context.addIssue({
      code: 'custom',
      path: ['claimSize'],
      message: `no more than size, ${volume.size}: a claim that asks for more is not bound to it`,
    });
  }
  // The kubelet builds an interface name from both, and the API server limits its length:
  // validateISCSIPersistentVolumeSource.
  const interfaceName = `${persistentVolumeName(volume)}:${kubeletPortal(String(volume.targetPortal))}`;
  if (volume.initiatorName && interfaceName.length > longestInterfaceName) {
    context.addIssue({
      code: 'custom',
      path: ['volumeName'],
      message:
        `with initiatorName, volume name and targetPortal of at most ${longestInterfaceName} characters together ` +
        `(they are "${interfaceName}", ${interfaceName.length}); choose a shorter volumeName`,
    });
  }
});

function sizeOf(size: string | undefined): number {
  return storageSize.safeParse(size).success ? bytesOf(size as string) : Number.NaN;
}

/** iSCSI through the in-tree driver. */
export const iscsiKind: PersistentKind<IscsiVolume> = {
  kind: 'iscsi',
  access: 'node',
  schema,
  networkFileSystem: () => false,
  attachable: () => true,
  location: (volume) => lunLocation(volume.iqn, volume.lun),
  persistentVolume: (volume, namespace) =>
    staticPersistentVolume(volume, namespace, defaultAccessMode, {
      iscsi: compact({
        targetPortal: volume.targetPortal,
        iqn: volume.iqn,
        lun: volume.lun,
        portals: volume.portals && [...volume.portals],
        fsType: volume.volumeMode === 'Block' ? undefined : (volume.fsType ?? 'auto'),
        readOnly: volume.readOnly,
        iscsiInterface: volume.iscsiInterface,
        initiatorName: volume.initiatorName,
        chapAuthSession: volume.chapAuthSession,
        chapAuthDiscovery: volume.chapAuthDiscovery,
        secretRef: inNamespace(volume.secretRef, volume.namespace ?? namespace),
      }),
    }),
  persistentVolumeClaim: (volume, namespace) =>
    staticPersistentVolumeClaim({ ...volume, size: volume.claimSize ?? volume.size }, namespace, defaultAccessMode),
};

/**
 * Lists every portal of a LUN once, in canonical form. `portals` may repeat the first portal, or name one in two
 * spellings.
 */
export function portalsOf({
  targetPortal,
  portals = [],
}: Pick<IscsiStaticVolumeProps, 'targetPortal' | 'portals'>): readonly string[] {
  return [...new Set([targetPortal, ...portals].map(canonicalPortal))];
}

/** Describes a LUN of an iSCSI target. */
export function iscsi(props: IscsiVolumeProps): IscsiVolume {
  return { kind: 'iscsi', ...props };
}
