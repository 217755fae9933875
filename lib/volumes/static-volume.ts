import { compact, type Manifest, type V1PersistentVolumeSpec, type V1VolumeNodeAffinity } from '../core/kubernetes';
import { annotations, labelName, labels, subdomainName } from '../core/names';
import { storageSize } from '../core/quantity';
import { flag, kubernetes, listOf, oneOf, type Shape, text } from '../core/schema';

/** All access modes of Kubernetes. */
export const accessModes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'] as const;

/** Access modes of Kubernetes. `ReadWriteOncePod` works only with CSI volumes. */
export type AccessMode = (typeof accessModes)[number];

/** Props of every volume whose claim Lunward creates. */
export interface ClaimProps {
  /** Name of the PersistentVolumeClaim. */
  readonly name: string;
  /** Namespace of the claim. Default: that of the app or the chart. */
  readonly namespace?: string;
  /** Size as a Kubernetes quantity: `10Gi`. */
  readonly size: string;
  /**
   * Access modes. Default: `ReadWriteOnce` for block devices, local volumes and dynamic claims, `ReadWriteMany` for
   * network shares.
   */
  readonly accessModes?: readonly AccessMode[];
  /** `Filesystem` or `Block`. Default: `Filesystem`. A `MediaApp` cannot mount `Block`. */
  readonly volumeMode?: 'Filesystem' | 'Block';
  /** Labels of the claim and of its PersistentVolume. Default: those of the app that owns it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the claim and of its PersistentVolume. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Pods mount the volume read-only. Default: `false`. */
  readonly readOnly?: boolean;
  /** The data may be lost: Pulumi may delete and replace the objects. Default: `false`. */
  readonly disposable?: boolean;
}

/** Props of every static volume: a PersistentVolume that Lunward creates, and its claim. */
export interface StaticVolumeProps extends ClaimProps {
  /** Name of the PersistentVolume. It has no namespace, so it must be unique in the cluster. Default: `name`. */
  readonly volumeName?: string;
  /** What happens to the PersistentVolume after its claim is deleted. Default: `Retain`. */
  readonly persistentVolumeReclaimPolicy?: 'Retain' | 'Delete';
  /** Mount options. */
  readonly mountOptions?: readonly string[];
  /**
   * The nodes that can reach the volume; `onNodes('node-a')` makes a nodeAffinity from host names. Default: every node.
   */
  readonly nodeAffinity?: V1VolumeNodeAffinity;
  /** Whether the PersistentVolume names its claim, so that no other claim can take it. Default: `true`. */
  readonly preBind?: boolean;
}

/** Schemas of `ClaimProps`. */
export const claimShape: Shape<ClaimProps> = {
  name: subdomainName,
  namespace: labelName.optional(),
  size: storageSize,
  accessModes: accessModesOf(...accessModes),
  volumeMode: oneOf(['Filesystem', 'Block']).optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
  readOnly: flag.optional(),
  disposable: flag.optional(),
};

// "Recycle" is left out: it empties the share, and a volume made by hand must never be emptied. In-tree drivers cannot
// delete volumes either.
const reclaimPolicy = oneOf(['Retain', 'Delete']);

/** Schemas of `StaticVolumeProps`. */
export const staticVolumeShape: Shape<StaticVolumeProps> = {
  ...claimShape,
  volumeName: subdomainName.optional(),
  persistentVolumeReclaimPolicy: reclaimPolicy.optional(),
  mountOptions: listOf(
    text('a mount option such as "noatime"', (option) => /^[^\s,]+(,[^\s,]+)*$/.test(option)),
  ).optional(),
  nodeAffinity: kubernetes<V1VolumeNodeAffinity>().optional(),
  preBind: flag.optional(),
};

/**
 * Schema of the access modes that a driver supports. Kubernetes itself requires `ReadWriteOncePod` to be the only one.
 */
export function accessModesOf(...modes: readonly AccessMode[]): Shape<ClaimProps>['accessModes'] {
  return listOf(oneOf(modes), 1)
    .refine((list) => list.length === 1 || !list.includes('ReadWriteOncePod'), {
      error: 'no other access mode beside "ReadWriteOncePod"',
    })
    .optional();
}

/** The source of a PersistentVolume: one property, named after its driver. */
export type VolumeSource = Pick<V1PersistentVolumeSpec, 'iscsi' | 'nfs' | 'csi' | 'local'>;

/** Returns the PersistentVolume of a static volume. It has no namespace. Its class `""` keeps provisioners away. */
export function staticPersistentVolume(
  volume: StaticVolumeProps,
  namespace: string,
  defaultAccessMode: AccessMode,
  source: VolumeSource,
  defaultAnnotations: Readonly<Record<string, string>> = {},
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: compact({
      name: persistentVolumeName(volume),
      labels: volume.labels,
      annotations: { ...defaultAnnotations, ...volume.annotations },
    }),
    spec: compact({
      storageClassName: '',
      capacity: { storage: volume.size },
      accessModes: volume.accessModes ?? [defaultAccessMode],
      volumeMode: volume.volumeMode,
      persistentVolumeReclaimPolicy: volume.persistentVolumeReclaimPolicy ?? 'Retain',
      mountOptions: volume.mountOptions,
      nodeAffinity: volume.nodeAffinity,
      claimRef: volume.preBind === false ? undefined : claimReference(volume, namespace),
      ...source,
    }),
  };
}

/** Returns the claim of a static volume, bound to its PersistentVolume by name. */
export function staticPersistentVolumeClaim(
  volume: StaticVolumeProps,
  namespace: string,
  defaultAccessMode: AccessMode,
): Manifest {
  return claimManifest(volume, namespace, defaultAccessMode, {
    storageClassName: '',
    volumeName: persistentVolumeName(volume),
  });
}

/** Returns a claim of any class. */
export function claimManifest(
  volume: ClaimProps,
  namespace: string,
  defaultAccessMode: AccessMode,
  binding: { readonly storageClassName?: string; readonly volumeName?: string },
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: compact({
      name: volume.name,
      namespace: volume.namespace ?? namespace,
      labels: volume.labels,
      annotations: volume.annotations,
    }),
    spec: compact({
      ...binding,
      accessModes: volume.accessModes ?? [defaultAccessMode],
      volumeMode: volume.volumeMode ?? 'Filesystem',
      resources: { requests: { storage: volume.size } },
    }),
  };
}

/** Returns the name of a static volume's PersistentVolume. */
export function persistentVolumeName(volume: StaticVolumeProps): string {
  return volume.volumeName ?? volume.name;
}

// Without a uid: the controller sets it when it binds. With apiVersion and kind, because otherwise API clients always
// show a difference.
function claimReference(volume: StaticVolumeProps, namespace: string): Record<string, string> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: volume.name,
    namespace: volume.namespace ?? namespace,
  };
}
