import type { z } from 'zod';
import type { ClusterClient } from '../kubernetes/cluster-client';
import type { FencedPlace } from '../kubernetes/fence';
import type { NodeObservation } from '../nodes/observation';
import type { ReachedNode } from '../nodes/runner';
import type { Chap } from '../scripts/chap';
import type { ProbedSource } from '../scripts/copy/probe-source';
import type { CopySource } from '../scripts/copy/source';
import type { CopyTarget } from '../scripts/copy/target';
import type { PodMount } from '../scripts/node/pod-mounts';
import type { Script } from '../scripts/script';
import type { LiveSource } from '../volumes/source-differences';
import type { TargetSlots } from './target';

/** How the places of a kind are told apart in the journal: `I` is the plain data that it keeps. */
export interface IdentityKind<I extends { readonly kind: string }> {
  readonly schema: z.ZodType<I>;
  /** What such a place is, for a person: `disk`. */
  readonly noun: string;
  /** Its name, for a person, and for the UUIDs of what is put there. */
  nameOf(identity: I): string;
  /** Whether both are one place. */
  isSame(one: I, other: I): boolean;
}

/** What a volume that data is moved from was found to be. */
export interface SourceIdentity<I> {
  readonly place: I;
  /** UUID of its file system. Default: the kind has none. */
  readonly uuid?: string;
  /** The attempt that it was sealed as. Default: Lunward has not put its data there. */
  readonly attempt?: number;
}

/** What is known of a volume that data is moved from. */
export interface SourceState<I> {
  /** Default: it was not recorded. */
  readonly sourceIdentity?: SourceIdentity<I>;
  readonly sourceChap?: Chap;
  /** Whether the app runs on the node that copies. @default false */
  readonly isUsed?: boolean;
}

/** What was found of a volume that data is moved from. */
export interface SourceObservation<I> extends SourceState<I> {
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** The node that alone may read it: the one that has it mounted for the app, or that it is on. Default: any node may. */
  readonly usedOn?: string;
}

/** What the journal has of a volume that Lunward has put data on. */
export interface KnownVolume<I> {
  readonly state: string;
  readonly target: I;
  readonly uuid: string;
  readonly attempt: number;
}

/** What to find out about a volume that data is moved from. */
export interface SourceQuestion<I> {
  readonly nodes: readonly ReachedNode[];
  /** Inspects the nodes, once. */
  readonly observe: () => Promise<readonly NodeObservation[]>;
  /** Files whose text is wanted. */
  readonly texts: readonly string[];
  readonly known?: KnownVolume<I>;
  readonly chap?: Chap;
  /** The node that reads a volume that nothing uses. @default the first */
  readonly writer?: string;
}

/** What the journal has of where a volume is, and what was put there. */
export interface JournaledIdentity<I> {
  readonly target: I;
  readonly uuid: string;
}

/** Runs a script on the node of an app's pod, and asks again while the node can't be asked. @throws UnreachableError */
export type Look = <Facts>(script: Script<Facts>, subject: string) => Promise<Facts>;

/**
 * What each kind of storage defines that data can be moved from and to: one folder a kind, one line in the registry. `V` is the plain
 * data that a user writes, `I` what the journal keeps of where such a volume is, `S` what only the kind itself reads of what it found of a
 * target.
 */
export interface MovableKind<V, I extends { readonly kind: string }, S> extends TargetSlots<V, I, S> {
  readonly kind: string;
  readonly identity: IdentityKind<I>;
  /**
   * Whether only one node may have it mounted. It is read where the app has it mounted, and nothing may use it before another node does.
   */
  readonly isExclusive: boolean;
  /** Whether it is a network file system: locks of SQLite are unreliable there, and apps have other settings. */
  readonly isShare: boolean;

  /** What the journal keeps of the place, if the description alone says it. Default: only a node that inspects it can say it. */
  describedIdentity?(volume: V): I;
  /** The place, for a person: `192.0.2.200:/volume1/config`. */
  describe(volume: V): string;
  /** The place as a node's mount table shows it, for a person. */
  describeMount(volume: V): string;
  /** Whether it can't be used without credentials. */
  needsCredentials(volume: V): boolean;
  /** Credentials, which are asked of the cluster, never hashed and never shown. Default: it needs none. */
  credentials(volume: V, namespace: string, client: ClusterClient): Promise<Chap | undefined>;
  /** What admission refuses besides its claim. */
  fence(volume: V): FencedPlace;
  /** The same for a PersistentVolume in the cluster, whatever its description says. Default: it is of another kind. */
  fenceOfSource(source: LiveSource): FencedPlace | undefined;
  /** The same for what the journal keeps. Default: that alone does not say how a pod would name it. */
  fenceOfIdentity?(identity: I): FencedPlace;

  /** The file system on it, as scripts call it. */
  fileSystem(volume: V): string;
  /** Parameters of scripts that read it. */
  source(volume: V, state: SourceState<I>): CopySource;
  /** Parameters of scripts that write to it. */
  target(volume: V, identity: I): CopyTarget;

  /** The end of a sentence that names the place: `version`, as `probeSource` has found it. */
  describeVersion(version: string): string;
  /** Inspects it as a source, from a node that may read it. Nothing is changed. */
  inspectSource(volume: V, question: SourceQuestion<I>): Promise<SourceObservation<I>>;
  /** The node that alone may read it: the one that has it mounted for the app, or that it is on. Default: any node may. */
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
  assertMounted(volume: V, node: string, sealed: JournaledIdentity<I>, look: Look, chap?: Chap): Promise<string>;
}
