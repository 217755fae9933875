import type { z } from 'zod';
import type { Manifest, V1Volume } from '../core/kubernetes';
import type { Location } from './location';

/**
 * What every kind of persistent storage says of itself: one file a kind, these slots, held by one contract test.
 * `V` is the plain data that a user writes, told apart by its `kind`.
 */
export interface PersistentKind<V> {
  readonly kind: string;
  /** `node`: a node can mount it over SSH. `pod`: only a pod that a driver serves can. */
  readonly access: 'node' | 'pod';
  /** What a user may write. */
  readonly schema: z.ZodType<V>;
  /** Whether it is a network file system, where SQLite's locks and shared memory can't be relied on. */
  networkFileSystem(volume: V): boolean;
  /** Whether a node attaches it as a device (or may: the cluster knows, Lunward does not). */
  attachable(volume: V): boolean;
  /** The place where the bytes are, so that no two volumes share one unknowingly. */
  location(volume: V, namespace: string): Location;
  /** The PersistentVolume, where the kind has one of ours. */
  persistentVolume(volume: V, namespace: string): Manifest | undefined;
  /** The PersistentVolumeClaim, where the kind has one of ours. */
  persistentVolumeClaim(volume: V, namespace: string): Manifest | undefined;
}

/** A volume that is a part of the pod and has no claim. */
export interface InlineKind<V> {
  readonly kind: string;
  /** What a user may write. */
  readonly schema: z.ZodType<V>;
  /** The volume of the pod, all but its name. */
  source(volume: V): Omit<V1Volume, 'name'>;
}
