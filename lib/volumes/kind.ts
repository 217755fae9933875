import type { z } from 'zod';
import type { Manifest, V1Volume } from '../core/kubernetes';
import type { Location } from './location';

/**
 * What each kind of persistent storage defines. Each kind has one file with these members, and one contract test covers
 * all kinds. `V` is the plain data that a user writes; its `kind` selects the type.
 */
export interface PersistentKind<V> {
  readonly kind: string;
  /** `node`: a node can mount it over SSH. `pod`: only a pod can, through a CSI driver. */
  readonly access: 'node' | 'pod';
  /** Schema of what a user may write. */
  readonly schema: z.ZodType<V>;
  /** Whether this is a network file system: SQLite's locks and shared memory are not reliable there. */
  networkFileSystem(volume: V): boolean;
  /** Whether a node attaches it as a device. Also true if only the cluster knows. */
  attachable(volume: V): boolean;
  /** The place where the bytes are, so that no two volumes share one unknowingly. */
  location(volume: V, namespace: string): Location;
  /** The PersistentVolume; `undefined` if Lunward does not create one for this kind. */
  persistentVolume(volume: V, namespace: string): Manifest | undefined;
  /** The PersistentVolumeClaim; `undefined` if Lunward does not create one for this kind. */
  persistentVolumeClaim(volume: V, namespace: string): Manifest | undefined;
}

/** A volume that is part of the pod and has no claim. */
export interface InlineKind<V> {
  readonly kind: string;
  /** Schema of what a user may write. */
  readonly schema: z.ZodType<V>;
  /** The pod's volume, without its name. */
  source(volume: V): Omit<V1Volume, 'name'>;
}
