import { liveCluster } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import type { Project } from '../cluster/project';
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { type Lease, withLease } from '../kubernetes/lease';
import { identifiedNodes } from '../nodes/identified-nodes';
import { inspectNodes, type NodeObservation } from '../nodes/observation';
import type { ReachedNode } from '../nodes/runner';
import type { OwnerFactories } from '../owners/registry';
import type { Chap } from '../scripts/chap';
import { type DataVolume, movable } from '../storage/registry';
import { persistentVolumeName } from '../volumes/static-volume';
import type { MediaAppModel } from '../workload/model';
import type { VolumeMove } from './cutover/volume-move';
import type { MigrationEvent } from './events';
import { heldPorts } from './held-ports';
import type { Cutover } from './journal/cutover';
import { Journal } from './journal/journal';
import type { AttemptFacts } from './plan/attempt-facts';
import { appOf, movesUnderWay, type WantedMove, type WantedVolume, wantedVolumes } from './plan/wanted-volumes';
import type { MigratorPorts } from './ports';
import { patchesOfMove } from './settings/patches-of-move';
import { assertNeverMoved } from './survey/lost-journal';
import { storageUsers } from './survey/storage-users';

/** A volume to fill, or that was filled, by the description. */
export interface TargetVolume {
  readonly mountPath: string;
  readonly target: DataVolume;
}

/** What the plans for an app's volumes have in common, at one time. */
export interface Observations {
  readonly journal: Journal;
  /** Nodes are inspected when this is first called: not every volume needs it. */
  readonly nodes: () => Promise<readonly NodeObservation[]>;
}

/** One app, as it is described at the moment, and the ports that its use cases work with. */
export class AppContext {
  readonly project: Project;
  readonly client: ClusterClient;
  readonly nodes: readonly ReachedNode[];
  readonly owners: OwnerFactories;
  private readonly volumes: readonly WantedVolume[];

  private constructor(
    private readonly ports: MigratorPorts,
    /** Key of the app in the description. */
    readonly app: string,
    readonly model: MediaAppModel,
    /** The lock file as it was when the description was loaded. */
    readonly lock: Lock,
  ) {
    this.project = ports.project;
    this.client = ports.client;
    this.nodes = identifiedNodes(ports.nodes, ports.client);
    this.owners = ports.owners;
    this.volumes = wantedVolumes(model);
  }

  /** @throws UserError where the description can't be loaded, or has no such app */
  static async of(ports: MigratorPorts, app: string): Promise<AppContext> {
    const [context] = await AppContext.all(ports, [app]);
    return context as AppContext;
  }

  /**
   * Several apps of a description, which is loaded once.
   *
   * @param apps keys in the description; all of it where there are none
   * @param options.ignoresLock takes the first generation of each volume for the live one, whatever the lock file says. Default: false
   * @throws UserError as `of` does
   */
  static async all(
    ports: MigratorPorts,
    apps: readonly string[] = [],
    { ignoresLock = false }: { readonly ignoresLock?: boolean } = {},
  ): Promise<AppContext[]> {
    const { cluster, lock } = await ports.project.load();
    const live = liveCluster(cluster, ignoresLock ? undefined : lock);
    const names = apps.length > 0 ? apps : Object.keys(live.apps);
    const models = names.map((app) => [app, appOf(live, app)] as const);
    return models.map(([app, model]) => new AppContext(ports, app, model, lock));
  }

  get namespace(): string {
    return this.model.namespace;
  }

  /** The app as it is described, with the lock file, at the moment. @throws UserError as `of` does */
  async described(): Promise<MediaAppModel> {
    const { cluster, lock } = await this.project.load();
    return appOf(liveCluster(cluster, lock), this.app);
  }

  /** Progress decides nothing: a listener that fails, on output that is closed for instance, ends no work at an app that is down. */
  report(event: MigrationEvent): void {
    try {
      this.ports.report?.(event, this.app);
    } catch {
      // An error of a listener must not affect the work.
    }
  }

  /** What is to be done with each volume, by the description. */
  get wanted(): readonly WantedVolume[] {
    return this.volumes;
  }

  /** The volumes that will be moved, or are being moved. */
  async moves(journal: Journal): Promise<VolumeMove[]> {
    if (journal.cutover) return this.movesOf(journal.cutover, journal);
    return this.moved(
      this.volumes.flatMap((volume) => (volume.action === 'move' ? [volume] : [])),
      journal,
    );
  }

  /** The volumes of a cut-over. */
  movesOf(cutover: Pick<Cutover, 'volumes'>, journal: Journal): Promise<VolumeMove[]> {
    return this.moved(movesUnderWay(this.model, cutover), journal);
  }

  private moved(
    volumes: readonly (WantedMove & Pick<WantedVolume, 'mountPath'>)[],
    journal: Journal,
  ): Promise<VolumeMove[]> {
    return Promise.all(
      volumes.map(async (volume) => ({
        ...volume,
        patches: patchesOfMove(volume, journal),
        chap: await this.chap(volume.target),
        ...(await this.sourceChap(volume.source)),
      })),
    );
  }

  /** The volumes to fill, by the description. */
  get filled(): TargetVolume[] {
    return this.volumes.flatMap((volume) => (volume.action === 'format' || volume.action === 'move' ? [volume] : []));
  }

  /**
   * The LUNs to fill, by the description.
   *
   * @throws UserError where there are none
   */
  requireTargets(): TargetVolume[] {
    const targets = this.filled.filter(({ target }) => movable(target).fileSystems);
    if (targets.length > 0) return targets;
    throw new UserError(
      `App "${this.app}" has no LUN that is to be filled: "lunward plan ${this.app}" says where its data is`,
      { category: 'usage', code: 'no-such-volume' },
    );
  }

  /**
   * Keeps every other process from the app while `work` runs; see `withLease`. What the context that it gets changes waits for the proof
   * that the lease is still held.
   */
  whileHeld<T>(work: (held: AppContext, lease: Lease) => Promise<T>): Promise<T> {
    const { ports, client, namespace, app, model, lock } = this;
    return withLease(client, { namespace, name: Journal.nameFor(app) }, (lease) =>
      work(new AppContext(heldPorts(ports, lease), app, model, lock), lease),
    );
  }

  /** @throws UserError where the app was moved, and its journal is gone */
  async journal(): Promise<Journal> {
    const journal = await this.recordedJournal();
    if (!journal.exists) await assertNeverMoved(this);
    return journal;
  }

  /** The journal, or an empty one where there is none, whatever says that there should be one. */
  recordedJournal(): Promise<Journal> {
    return Journal.read(this.client, this.namespace, this.app);
  }

  async observe(): Promise<Observations> {
    let nodes: Promise<NodeObservation[]> | undefined;
    return {
      journal: await this.journal(),
      nodes: () => {
        nodes ??= inspectNodes(this.nodes);
        return nodes;
      },
    };
  }

  /** Inspects a target, and reads what the journal has of it. */
  async targetFacts({ mountPath, target }: TargetVolume, { journal, nodes }: Observations): Promise<AttemptFacts> {
    const name = persistentVolumeName(target);
    const chap = await this.chap(target);
    const users = () => storageUsers([target], this);
    const seen = await movable(target).inspectTarget(target, { nodes: this.nodes, observe: nodes, users, chap });
    const [attempt, latest] = [journal.attemptOf(name), journal.latest(name)];
    return { app: this.app, mountPath, volume: target, attempt, latest, chap, ...seen };
  }

  /** Credentials of a LUN; a folder has none. */
  async chap(volume: DataVolume): Promise<Chap | undefined> {
    return movable(volume).credentials(volume, this.namespace, this.client);
  }

  async sourceChap(source: DataVolume): Promise<{ readonly sourceChap?: Chap }> {
    const sourceChap = await this.chap(source);
    return sourceChap ? { sourceChap } : {};
  }
}
