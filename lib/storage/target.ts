import type { Advice, Finding } from '../core/advice';
import type { NodeObservation } from '../nodes/observation';
import type { ReachedNode } from '../nodes/runner';
import type { Chap } from '../scripts/chap';
import type { ProbedSource } from '../scripts/copy/probe-source';
import type { SealedVolumeProps } from '../scripts/copy/verify-volume';
import type { CheckedFileSystem } from '../scripts/lun/check-file-system';
import type { Attempt } from '../scripts/lun/format-lun';
import type { GrownVolume } from '../scripts/lun/grow-volume';
import type { MountedErrors } from '../scripts/lun/mounted-errors';
import type { ProbedVolume } from '../scripts/lun/probe-volume';
import type { SuperblockErrors } from '../scripts/lun/superblock-errors';
import type { NodeFacts } from '../scripts/node/node-facts';
import type { Script } from '../scripts/script';

/** What the journal has of the last attempt at a volume. */
export interface KnownAttempt<I> {
  readonly attempt: number;
  readonly state: 'intent' | 'building' | 'prepared' | 'sealed' | 'rolled-back' | 'abandoned' | 'wiping' | 'wiped';
  readonly at: string;
  readonly target: I;
  readonly uuid: string;
  /** It was given up before the app ran on it, sealed or perhaps sealed. */
  readonly neverLive?: boolean;
}

/** What to find out about a volume that data is moved to. */
export interface TargetQuestion {
  readonly nodes: readonly ReachedNode[];
  /** Inspects the nodes, once. */
  readonly observe: () => Promise<readonly NodeObservation[]>;
  /** What uses it, by pods of the cluster and mounts of the nodes: lines for a person. */
  readonly users: () => Promise<readonly string[]>;
  readonly chap?: Chap;
}

/** What was found of a volume that data is moved to. `S` is what only its kind can read. */
export interface TargetObservation<S> {
  /** Every node, and what was seen through it. */
  readonly looks: readonly NodeObservation[];
  readonly seen?: S;
}

/** What a judgement of a target follows from. */
export interface TargetFacts<V, I, S> extends TargetObservation<S> {
  readonly app: string;
  readonly volume: V;
  /** Which try this is, by the journal. */
  readonly attempt: number;
  readonly latest?: KnownAttempt<I>;
}

/** The place that a description means. */
export interface FoundTarget<I> {
  readonly identity: I;
  /** A node that reaches it. */
  readonly node: string;
  /** No other node reaches it. @default false */
  readonly isOnlyNode?: boolean;
  /** What the attempt puts there is there already. @default false */
  readonly isPrepared?: boolean;
}

/** What was made of what was found. */
export type TargetJudgement<Found> =
  /** Nothing is to be done: what it would lead to is there. */
  | { readonly done: string; readonly found?: undefined; readonly refusals?: undefined }
  | { readonly found: Found; readonly done?: undefined; readonly refusals?: undefined }
  /** Everything that is in the way. */
  | { readonly refusals: readonly Advice[]; readonly done?: undefined; readonly found?: undefined };

/** What a step of a plan works at. */
export interface TargetWork<I> {
  readonly identity: I;
  readonly attempt: Attempt;
  readonly chap?: Chap;
}

/** What one step does. */
export interface TargetStep {
  /** For the operator: `format`. */
  readonly name: string;
  /** For a person, after the name and the node. */
  readonly text: string;
  readonly script: Script<unknown>;
}

/** What a kind defines of a volume that data is moved to. */
export interface TargetSlots<V, I, S> {
  /** Inspects it as a target, from the nodes that reach it. Nothing is changed. */
  inspectTarget(volume: V, question: TargetQuestion): Promise<TargetObservation<S>>;
  /** What of that is in the way. A sealed volume is never filled again, and what another attempt left never counts as empty. */
  judgeTarget(facts: TargetFacts<V, I, S>): TargetJudgement<FoundTarget<I>>;
  /** Why what a source holds finds no room. @param source its place, for a person */
  roomRefusals(facts: TargetFacts<V, I, S>, found: ProbedSource, source: string): readonly Advice[];
  /** How long reading it takes before it is used, for a person. Default: it is not read. */
  expectedLines?(volume: V, found: ProbedSource): readonly string[];

  /** The step that makes it the attempt's own: it declines unless nothing else is there. It can be run again. */
  prepare(volume: V, work: TargetWork<I>): TargetStep;
  /** The step that proves that a node does nothing with it any more, and that the attempt is not sealed there. */
  release(volume: V, work: TargetWork<I>): TargetStep;
  /** The place, with what distinguishes it from others, for a person. */
  describeTarget(volume: V, identity: I): string;
  /** What has to be done before a place is used again that an attempt was given up in, for a person. */
  remedyForLeft(app: string): string;

  /** What can be done with a volume that has a file system of its own. Default: it has none. */
  readonly fileSystems?: FileSystemSlots<V, I, S>;

  /** What the doctor finds of it. Default: nothing is known of it but by mounting it. */
  findings?(
    volume: V,
    seen: TargetObservation<S> & { readonly app: string; readonly isLive: boolean },
  ): readonly Finding[];
}

/** A file system that was found, of which it is to be seen whether it holds an app's data. */
export interface Adoptable<I> extends Pick<FoundTarget<I>, 'identity' | 'node'> {
  readonly uuid: string;
  /** As scripts call it. */
  readonly fileSystem: string;
  /** What inspects it. Nothing is changed. */
  readonly probe: Script<ProbedVolume>;
}

/** What a kind defines whose volumes have a file system of their own, which Lunward makes, adopts, wipes and grows. */
export interface FileSystemSlots<V, I, S> {
  /** A file system that may hold an app's data already. */
  findAdoptable(facts: TargetFacts<V, I, S> & { readonly chap?: Chap }): TargetJudgement<Adoptable<I>>;
  /** The step that makes it blank again, if it holds what the latest attempt left; else what is in the way. */
  wipe(
    facts: TargetFacts<V, I, S> & { readonly latest: KnownAttempt<I>; readonly chap?: Chap },
  ): TargetJudgement<Pick<FoundTarget<I>, 'identity' | 'node'> & { readonly step: TargetStep }>;
  /** Gives the file system all of the place. Afterwards `identity` is what the journal keeps. */
  grow(volume: V, sealed: SealedVolumeProps & { readonly identity: I }, wantedBytes: number): Script<GrownVolume>;
  grown(identity: I, grown: GrownVolume): I;
  /** What finds errors of the file system on a node that has it mounted. Nothing is changed, and no disk is waited for. */
  mountedErrors(volume: V): Script<{ readonly mounted: readonly MountedErrors[] }>;
  /** What reads the errors that are recorded on the place itself; nothing may use it. Default: nodes can't open it. */
  superblockErrors(volume: V, chap?: Chap): Script<SuperblockErrors> | undefined;
  /** Whether a node is logged in to where the place is: another login under the node's initiator name would end that. */
  hasSession(volume: V, facts: Pick<NodeFacts, 'sessions'>): boolean;
  /** What checks the file system, and repairs what is safe; nothing may use it. @param known what the journal has of it. Default: nothing */
  check(volume: V, known?: { readonly target: I; readonly uuid: string }, chap?: Chap): Script<CheckedFileSystem>;
}
