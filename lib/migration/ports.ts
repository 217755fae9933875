import type { Project } from '../cluster/project';
import type { ClusterClient } from '../kubernetes/cluster-client';
import type { ReachedNode } from '../nodes/runner';
import type { OwnerFactories } from '../owners/registry';
import type { MigrationEvent } from './events';

/** What the use cases need of the world. The command gives them the real one, tests a model of it. */
export interface MigratorPorts {
  readonly project: Project;
  readonly client: ClusterClient;
  /** The nodes on which scripts can run. */
  readonly nodes: readonly ReachedNode[];
  /** Makes the owner of an app, by what applies it. */
  readonly owners: OwnerFactories;
  /** Receives progress. Default: it is dropped. */
  readonly report?: (event: MigrationEvent, app: string) => void;
}

/** What each use case that changes something takes. */
export interface RunOptions {
  /**
   * Stops the work at the next safe point. An app that this run has stopped starts again on its old volume. Default: nothing
   * stops it.
   */
  readonly signal?: AbortSignal;
}
