import type { Project } from '../../cluster/project';
import type { ClusterClient } from '../../kubernetes/cluster-client';
import type { ReachedNode } from '../../nodes/runner';
import type { Owner } from '../../owners/owner';
import type { MediaAppModel } from '../../workload/model';
import type { MigrationEvent } from '../events';
import type { Journal } from '../journal/journal';
import type { RecordedPlaces } from '../settle/recorded-places';

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
  /** Where volumes are that are described elsewhere, or not at all, and that the cut-over is not about. Default: there are none. */
  readonly places?: RecordedPlaces;
  readonly project: Pick<Project, 'changeLock'>;
  /** Aborted with `LeaseLost` if another process works on the app, and with `Interrupted` if the operator stops the command. */
  readonly signal: AbortSignal;
  /** Aborted with `LeaseLost` alone: for work that no one may interrupt; see `toItsEnd`. */
  readonly leaseSignal: AbortSignal;
  /** Receives progress. */
  readonly report: (event: MigrationEvent) => void;
}
