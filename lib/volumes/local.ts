import { absolutePath } from '../core/addresses';
import { compact } from '../core/kubernetes';
import { subdomainName } from '../core/names';
import { objectOf, oneOf, text } from '../core/schema';
import type { PersistentKind } from './kind';
import { onNodes } from './node-affinity';
import {
  type AccessMode,
  accessModesOf,
  type StaticVolumeProps,
  staticPersistentVolume,
  staticPersistentVolumeClaim,
  staticVolumeShape,
} from './static-volume';

/** A directory or block device on one node. */
export interface LocalStaticVolumeProps extends Omit<StaticVolumeProps, 'nodeAffinity'> {
  /** Host name of the node: its label `kubernetes.io/hostname`. The PersistentVolume's nodeAffinity is made from it. */
  readonly node: string;
  /** Path of the directory or block device on the node. It must exist. */
  readonly path: string;
  /** File system, if `path` is a block device. Default: the one that the kubelet finds. */
  readonly fsType?: string;
}

/** A `LocalStaticVolume` in a description. */
export type LocalVolume = LocalStaticVolumeProps & { readonly kind: 'local' };

const defaultAccessMode: AccessMode = 'ReadWriteOnce';
const { nodeAffinity: _nodeAffinity, ...shape } = staticVolumeShape;

/** A node-local volume. */
export const localKind: PersistentKind<LocalVolume> = {
  kind: 'local',
  access: 'node',
  schema: objectOf<LocalVolume>({
    ...shape,
    kind: oneOf(['local']),
    accessModes: accessModesOf('ReadWriteOnce'),
    node: subdomainName,
    path: absolutePath,
    fsType: text('a file system such as "ext4"').optional(),
  }),
  networkFileSystem: () => false,
  attachable: () => false,
  location: (volume) => ({ system: `disk of node ${volume.node}`, path: volume.path }),
  persistentVolume: (volume, namespace) =>
    staticPersistentVolume({ ...volume, nodeAffinity: onNodes(volume.node) }, namespace, defaultAccessMode, {
      local: compact({ path: volume.path, fsType: volume.fsType }),
    }),
  persistentVolumeClaim: (volume, namespace) => staticPersistentVolumeClaim(volume, namespace, defaultAccessMode),
};

/** Describes a directory or block device on one node. */
export function local(props: LocalStaticVolumeProps): LocalVolume {
  return { kind: 'local', ...props };
}
