import { type Project, projectAt } from '../cluster/project';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { anyReachedNodes } from '../nodes/ssh/ssh-nodes';
import { kubectlOwners, type OwnerFactories } from '../owners/registry';
import { AppContext } from './app-context';
import type { MigrationEvent } from './events';
import type { RemarkedPlan } from './plan/remarked-plan';
import type { MigratorPorts, RunOptions } from './ports';
import { abort } from './use-cases/abort';
import type { ApprovalOptions } from './use-cases/execute';
import { format } from './use-cases/format';
import { type Migrated, type MigrateOptions, migrate } from './use-cases/migrate';
import { plan, planMigration } from './use-cases/plan';
import { type Resized, type ResizeOptions, resize } from './use-cases/resize';
import { type Restarted, type RestartOptions, restart } from './use-cases/restart';
import { type Retired, type RetireOptions, retire } from './use-cases/retire';
import { type RollbackOptions, type RolledBack, rollback } from './use-cases/rollback';
import { seal } from './use-cases/seal';
import { type Status, status } from './use-cases/status';
import { type VerifiedMount, verify } from './use-cases/verify';
import { wipe } from './use-cases/wipe';

type Result = Promise<'changed' | 'unchanged'>;

/** What a `Migrator` is opened with. */
export interface OpenOptions {
  /** Path of the description. @default 'cluster.ts' */
  readonly file?: string;
  /** Makes the owners of apps. Default: apps that were applied with kubectl can be moved; `lunward/pulumi` has those of Pulumi. */
  readonly owners?: OwnerFactories;
  /** Receives progress. Default: it is dropped. */
  readonly report?: (event: MigrationEvent, app: string) => void;
}

/**
 * Moves the state of the apps of a description between storages. Each method is a use case of one app: it reads the description, the
 * journal and the world again, and returns a typed result. What changes something holds the app's lease meanwhile.
 */
export class Migrator {
  constructor(private readonly ports: MigratorPorts) {}

  /**
   * A migrator for a description on disk, with the cluster of its kubeconfig context and the nodes that it reaches by SSH.
   *
   * @throws UserError where the description can't be loaded, or there is no such context
   */
  static async open({ file, owners = kubectlOwners, report }: OpenOptions = {}): Promise<Migrator> {
    const project: Project = projectAt(file);
    const { cluster } = await project.load();
    const { context } = cluster.description;
    checkKubeconfig(context);
    const client = new ClusterClient(context);
    return new Migrator({ project, client, nodes: anyReachedNodes(cluster), owners, ...(report && { report }) });
  }

  /** What would be done to an app's volumes, and what is in the way. Nothing is changed. */
  async plan(app: string): Promise<readonly RemarkedPlan[]> {
    return plan(await this.context(app));
  }

  /** The plans that `migrate` would have approved. Nothing is changed. */
  async planMigration(app: string, options: Pick<MigrateOptions, 'until'> = {}): Promise<readonly RemarkedPlan[]> {
    return planMigration(await this.context(app), options.until);
  }

  /** Copies to an app's new volumes while it runs; see `migrate`. */
  prepare(app: string, options: ApprovalOptions): Promise<Migrated> {
    return this.migrate(app, { ...options, until: 'prepare' });
  }

  /** Moves an app's state to the newest generations of its volumes, or resumes that. */
  async migrate(app: string, options: MigrateOptions): Promise<Migrated> {
    return migrate(await this.context(app), options);
  }

  /** Rolls an app back to the volumes that were live before, or undoes a rollback. */
  async rollback(app: string, options: RollbackOptions): Promise<RolledBack> {
    return rollback(await this.context(app), options);
  }

  /** Gives up what was begun for an app's volumes. */
  async abort(app: string, options: ApprovalOptions): Result {
    return abort(await this.context(app), options);
  }

  /** Zeroes the LUNs on which attempts that were given up have left something. */
  async wipe(app: string, options: ApprovalOptions): Result {
    return wipe(await this.context(app), options);
  }

  /** Adopts LUNs that hold an app's data already. */
  async seal(app: string, options: ApprovalOptions): Result {
    return seal(await this.context(app), options);
  }

  /** Makes the file systems of an app's first volumes. */
  async format(app: string, options: ApprovalOptions): Result {
    return format(await this.context(app), options);
  }

  /** Compares what an app's volumes hold with what they held when they were sealed. */
  async verify(app: string, options: RunOptions = {}): Promise<readonly VerifiedMount[]> {
    return verify(await this.context(app), options);
  }

  /** Gives an app's volume all of its LUN, after that was grown on the NAS. */
  async resize(app: string, size: string, options: ResizeOptions = {}): Promise<Resized> {
    return resize(await this.context(app), size, options);
  }

  /** Stops an app, checks the file systems of its volumes, and starts it again; or resumes that. */
  async restart(app: string, options: RestartOptions): Promise<Restarted> {
    return restart(await this.context(app), options);
  }

  /** Removes from the cluster the generations of an app's volumes that are not live any more. */
  async retire(app: string, options: RetireOptions): Promise<Retired> {
    return retire(await this.context(app), options);
  }

  /** What is live for an app, and how far its volumes are. */
  async status(app: string, options: { readonly writeLock?: boolean } = {}): Promise<Status> {
    const [context] = await AppContext.all(this.ports, [app], { ignoresLock: true });
    const one = context as AppContext;
    return status(one, await one.recordedJournal(), options);
  }

  /** Several apps of the description, each for use cases of its own. @param apps Default: all. */
  contexts(apps?: readonly string[], options?: { readonly ignoresLock?: boolean }): Promise<AppContext[]> {
    return AppContext.all(this.ports, apps, options);
  }

  /** The cluster that the use cases ask. */
  get client(): ClusterClient {
    return this.ports.client;
  }

  private context(app: string): Promise<AppContext> {
    return AppContext.of(this.ports, app);
  }
}
