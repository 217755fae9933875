import type { ClusterClient } from '../../kubernetes/cluster-client';
import type { ReachedNode } from '../../nodes/runner';
import type { Owner } from '../../owners/owner';
import type { MediaAppModel, Seal } from '../../workload/model';
import type { MigrationEvent } from '../events';
import type { Journal } from '../journal/journal';

/** What a cut-over works with, and on. */
export interface CutoverContext {
  /** Key of the app in the description. */
  readonly app: string;
  readonly model: MediaAppModel;
  /** Reads the app as it is described at the moment: `model` is from before the copy, which may have taken hours. */
  readonly described: () => Promise<MediaAppModel>;
  readonly client: ClusterClient;
  /** All that are reached by SSH. */
  readonly nodes: readonly ReachedNode[];
  readonly owner: Owner;
  readonly journal: Journal;
  /** Records in the lock file which generations are live (claims by mount path), and their seals. */
  readonly writeLock: (live: Readonly<Record<string, string>>, sealed: Readonly<Record<string, Seal>>) => Promise<void>;
  /** Aborted with `LeaseLost` if another process works on the app, and with `Interrupted` if the operator stops the command. */
  readonly signal: AbortSignal;
  /** Aborted with `LeaseLost` alone: for work that no one may interrupt; see `toItsEnd`. */
  readonly leaseSignal: AbortSignal;
  /** Receives progress. */
  readonly report: (event: MigrationEvent) => void;
}
