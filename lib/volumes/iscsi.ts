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

/** A LUN of an iSCSI target, mounted by the kubelet's own (in-tree) driver. */
export interface IscsiStaticVolumeProps extends StaticVolumeProps {
  /** Address of the target, with its port where that is not 3260: `192.0.2.200`, `[2001:db8::200]:3260`. Never a host name. */
  readonly targetPortal: string;
  /** Name of the target: an `iqn.`, `eui.` or `naa.` name. */
  readonly iqn: string;
  /** Number of the LUN, 0 to 255: the L of H:C:T:L as a node sees it, which a NAS may show differently. */
  readonly lun: number;
  /** Further portals of the same target, for multipath. */
  readonly portals?: readonly string[];
  /**
   * File system on the LUN. Default: `auto`, with which the kubelet mounts what is there and never formats.
   * With any other word it formats a LUN that it can't read: right for a new LUN, fatal for an unreadable one.
   */
  readonly fsType?: 'auto' | 'ext4' | 'ext3' | 'xfs' | 'btrfs';
  /**
   * What the claim asks for, where the volume was grown since (`lunward resize`): Kubernetes changes that of no claim without a
   * storage class. Default: `size`.
   */
  readonly claimSize?: string;
  /** Interface of the initiator. Kubernetes' default: `default` (TCP). */
  readonly iscsiInterface?: string;
  /** Initiator name of this volume alone, where the target wants another than the node's. */
  readonly initiatorName?: string;
  /** CHAP when logging in. The Secret holds `node.session.auth.username` and `.password`, for both directions `_in` too. */
  readonly chapAuthSession?: boolean;
  /** CHAP for discovery. The Secret holds `discovery.sendtargets.auth.username` and `.password`, and `_in`. */
  readonly chapAuthDiscovery?: boolean;
  /** The Secret with the CHAP names and passwords, of type `kubernetes.io/iscsi-chap`. Default namespace: the claim's. */
  readonly secretRef?: SecretReference;
}

/** What a description says of a LUN besides its manifests. */
export interface IscsiVolumeProps extends IscsiStaticVolumeProps {
  /**
   * What `lunward format` and `lunward migrate` make on it while it is blank. Default: `ext4`. XFS can't be made smaller, and
   * one that was cut off in the making is not recognised: its LUN is then made anew on the NAS.
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
  // One that is no size is told by itself, and is less than nothing here.
  if (sizeOf(volume.claimSize) > sizeOf(volume.size)) {
    context.addIssue({
      code: 'custom',
      path: ['claimSize'],
      message: `no more than size, ${volume.size}: a claim that asks for more is not bound to it`,
    });
  }
  // The kubelet names an interface after both, and the API server limits it: validateISCSIPersistentVolumeSource.
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

/** In-tree iSCSI. */
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

/** Every portal of a LUN, each once and in its canonical form: its list may name the first one again, or one in two spellings. */
export function portalsOf({
  targetPortal,
  portals = [],
}: Pick<IscsiStaticVolumeProps, 'targetPortal' | 'portals'>): readonly string[] {
  return [...new Set([targetPortal, ...portals].map(canonicalPortal))];
}

/** A LUN of an iSCSI target. */
export function iscsi(props: IscsiVolumeProps): IscsiVolume {
  return { kind: 'iscsi', ...props };
}
