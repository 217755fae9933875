import type { ClusterClient } from '../kubernetes/cluster-client';
import type { FenceProps } from '../kubernetes/fence';
import type { NodeObservation } from '../nodes/observation';
import type { ReachedNode } from '../nodes/runner';
import type { Chap } from '../scripts/chap';
import type { ProbedSource } from '../scripts/copy/probe-source';
import type { CopySource } from '../scripts/copy/source';
import type { CopyTarget } from '../scripts/copy/target';
import type { FileSystemType } from '../scripts/lun/format-lun';
import type { PodMount } from '../scripts/node/pod-mounts';
import type { Script } from '../scripts/script';

/** The disk of a LUN, as it was found. */
export interface DiskIdentity {
  readonly wwn: string;
  readonly bytes: number;
  /** UUID of its file system. */
  readonly uuid: string;
  /** The attempt that it was sealed as. Default: Lunward has not put its data there. */
  readonly attempt?: number;
}

/** What is known of a volume that data is moved from. */
export interface SourceState {
  /** Default: the kind has no disk. */
  readonly sourceDisk?: DiskIdentity;
  readonly sourceChap?: Chap;
  /** Whether the app runs on the node that copies. @default false */
  readonly isUsed?: boolean;
}

/** What was found of a volume that data is moved from. */
export interface SourceObservation extends SourceState {
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** The node that has it mounted for the app, and so is the only one that may read it. Default: any node may. */
  readonly usedOn?: string;
}

/** What the journal has of a volume that Lunward has put data on. */
export interface KnownVolume {
  readonly state: string;
  readonly wwn: string;
  readonly uuid: string;
  readonly attempt: number;
}

/** What to find out about a volume that data is moved from. */
export interface SourceQuestion {
  readonly nodes: readonly ReachedNode[];
  /** Inspects the nodes, once. */
  readonly observe: () => Promise<readonly NodeObservation[]>;
  /** Files whose text is wanted. */
  readonly texts: readonly string[];
  readonly known?: KnownVolume;
  readonly chap?: Chap;
  /** The node that reads a volume that nothing uses. @default the first */
  readonly writer?: string;
}

/** What the journal has of where a volume is, and what was put there. */
export interface JournaledIdentity {
  readonly wwn: string;
  readonly bytes: number;
  readonly uuid: string;
}

/** Runs a script on the node of an app's pod, and asks again while the node can't be asked. @throws UnreachableError */
export type Look = <Facts>(script: Script<Facts>, subject: string) => Promise<Facts>;

/**
 * What each kind of storage defines that data can be moved from and to: one folder a kind, one line in the registry. `V` is the plain
 * data that a user writes.
 */
export interface MovableKind<V> {
  readonly kind: string;
  /**
   * Whether only one node may have it mounted. It is read where the app has it mounted, and nothing may use it before another node does.
   */
  readonly isExclusive: boolean;
  /** Whether it is a network file system: locks of SQLite are unreliable there, and apps have other settings. */
  readonly isShare: boolean;

  /** The place, for a person: `192.0.2.200:/volume1/config`. */
  describe(volume: V): string;
  /** The place as a node's mount table shows it, for a person. */
  describeMount(volume: V): string;
  /** Credentials, which are asked of the cluster, never hashed and never shown. Default: it needs none. */
  credentials(volume: V, namespace: string, client: ClusterClient): Promise<Chap | undefined>;
  /** What admission refuses besides its claim. */
  fence(volume: V): Pick<FenceProps, 'luns'> & Partial<Pick<FenceProps, 'nfs'>>;

  /** The file system on it, as scripts call it. */
  fileSystem(volume: V): FileSystemType | 'nfs';
  /** Parameters of scripts that read it. */
  source(volume: V, state: SourceState): CopySource;
  /** Parameters of scripts that write to it. */
  target(volume: V, identity: Pick<JournaledIdentity, 'wwn' | 'bytes'>): CopyTarget;

  /** Inspects it as a source, from a node that may read it. Nothing is changed. */
  inspectSource(volume: V, question: SourceQuestion): Promise<SourceObservation>;
  /** The node that has it mounted for the app, where no other one may read it. */
  usedOn(volume: V, observations: readonly NodeObservation[]): string | undefined;

  /** What a node does with it, for a person; a text with the reason where that is not known. */
  usesOn(volume: V, node: ReachedNode): Promise<readonly string[] | string>;
  /** Ends what a node does with it for nothing. @returns what was ended, for an event. Default: a node does nothing for nothing */
  endIdleUse?(volume: V, node: ReachedNode): Promise<{ readonly iqn: string } | undefined>;
  /** Whether a node has this place mounted for a pod. */
  isMounted(volume: V, mount: PodMount): boolean;
  /**
   * Proves that the node of an app's pod has it mounted as what was sealed.
   *
   * @returns what was found, for a person
   * @throws UserError where it has not; UnreachableError where that can't be known
   */
  assertMounted(volume: V, node: string, sealed: JournaledIdentity, look: Look, chap?: Chap): Promise<string>;
}
