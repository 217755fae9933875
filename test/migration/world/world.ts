import { isDeepStrictEqual } from 'node:util';
import { type Cluster, defineCluster } from '../../../lib/cluster';
import { liveCluster } from '../../../lib/cluster/live';
import { emptyLock, type Lock } from '../../../lib/cluster/lock';
import type { Project } from '../../../lib/cluster/project';
import type { MigrationEvent } from '../../../lib/migration/events';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import type { Journal } from '../../../lib/migration/journal/journal';
import { Migrator } from '../../../lib/migration/migrator';
import type { Runner } from '../../../lib/nodes/runner';
import type { DataVolume } from '../../../lib/storage/registry';
import type { MediaAppProps } from '../../../lib/workload';
import type { MediaAppModel } from '../../../lib/workload/model';
import { describeApps, image } from '../../helpers';
import { Changes } from './changes';
import { ModelCluster, machineIdOf, modelNodeObject } from './cluster';
import { Kubelet } from './kubelet';
import { ModelNode } from './nodes';
import { manifestsOf, modelOwner } from './owner';
import { DATABASE, type Place, Storage } from './storage';

/** What the journal of an app holds, as text in its ConfigMap. */
export interface JournalContent {
  readonly volumes: Readonly<Record<string, readonly JournalEntry[]>>;
  readonly live?: Journal['live'];
  readonly before?: Journal['before'];
  readonly retired?: Journal['retired'];
  readonly cutover?: Journal['cutover'];
}

/**
 * A NAS, two nodes, a cluster, and a description with its lock in memory, for one app. Whatever is asked is answered from what is on
 * the NAS, in the cluster and on the nodes at that moment.
 */
export class World {
  /** The process that works in this world, and what it has changed. */
  readonly process = new Changes();
  readonly reported: MigrationEvent[] = [];
  readonly storage = new Storage();
  readonly cluster = new ModelCluster(this.process);
  readonly kubelet = new Kubelet(this.cluster, this.storage, 'media');
  readonly nodes = ['node-a', 'node-b'].map((name) => this.node(name));
  /** Described nodes whose address leads to another machine. */
  readonly addresses: Record<string, string> = {};
  lock: Lock = emptyLock;
  private loaded?: { readonly of: readonly unknown[]; readonly cluster: Cluster };
  /** Generations of other mounts, oldest first, by mount path. */
  others: Readonly<Record<string, readonly DataVolume[]>> = {};
  private live?: { readonly of: Cluster; readonly lock: Lock; readonly apps: ReturnType<typeof liveCluster>['apps'] };
  /** Receives each event once it is recorded. */
  onEvent: (event: MigrationEvent) => void = () => {};

  /**
   * @param generations of /config, oldest first, as they are described
   * @param props what else is described of the app
   */
  constructor(
    public generations: readonly DataVolume[],
    private readonly props: MediaAppProps = { image },
  ) {}

  /** An app that runs on its first volume, with others described after it, which are blank. */
  static running([first, ...others]: readonly [DataVolume, ...DataVolume[]], props?: MediaAppProps): World {
    const world = new World([first, ...others], props);
    world.storage.addFilled(first, { [DATABASE]: 'row of before\n', 'settings.xml': 'dark' });
    for (const volume of others) world.storage.add(volume);
    world.apply();
    return world;
  }

  /** This world as it is once more, in which another process begins: neither sees what is changed in the other. */
  copy(): World {
    const world = new World(this.generations, this.props);
    const here = world.storage.take(this.storage);
    world.cluster.take(this.cluster);
    world.kubelet.take(this.kubelet, here);
    for (const [index, node] of world.nodes.entries()) node.take(this.nodes[index] as ModelNode);
    Object.assign(world.addresses, this.addresses);
    world.others = this.others;
    world.lock = this.lock;
    world.loaded = this.loaded;
    return world;
  }

  /** Applies what is described, as an operator does it with kubectl. */
  apply(): void {
    const { volumes, deployment } = manifestsOf(this.model);
    for (const manifest of [...volumes, deployment]) this.cluster.apply(manifest);
    this.kubelet.pods();
  }

  /** Another node, which is described and in the cluster. Copies of this world do not have it. */
  addNode(name: string): ModelNode {
    const node = this.node(name);
    this.cluster.nodes.push(modelNodeObject(name));
    this.nodes.push(node);
    return node;
  }

  private node(name: string): ModelNode {
    return new ModelNode(
      {
        name,
        machineId: machineIdOf(name),
        bootId: `boot of ${name}`,
        initiatorName: `iqn.2000-01.com.example:${name}`,
        storage: this.storage,
        mounts: () => this.kubelet.mounts(),
        httpStatus: () => this.kubelet.httpStatus(),
      },
      this.process,
    );
  }

  /** Scales the app to zero, as an operator does it, and waits for its pod to end. */
  stop(): void {
    const deployment = this.cluster.find<{ spec: object }>('Deployment', 'app', 'media');
    this.cluster.apply({ ...deployment, spec: { ...deployment?.spec, replicas: 0 } });
    while (this.kubelet.pods().length > 0);
  }

  get model(): MediaAppModel {
    const { described, lock } = this;
    if (this.live?.of !== described || this.live.lock !== lock) {
      this.live = { of: described, lock, apps: liveCluster(described, lock).apps };
    }
    const { app } = this.live.apps;
    if (!app) throw new Error('the description has no app');
    return app;
  }

  private get described(): Cluster {
    const of = [this.generations, this.others];
    if (!this.loaded || this.loaded.of.some((one, index) => one !== of[index])) {
      const app = { ...this.props, config: this.generations, mounts: { ...this.props.mounts, ...this.others } };
      this.loaded = { of, cluster: defineCluster(describeApps({ app })) };
    }
    return this.loaded.cluster;
  }

  get project(): Project {
    const file = '/project/cluster.ts';
    return {
      file,
      load: async () => ({ cluster: this.described, lock: this.lock, file }),
      changeLock: async (change) => {
        this.process.assertAlive();
        const changed = change(this.lock);
        if (isDeepStrictEqual(changed, this.lock)) return 'unchanged';
        this.lock = changed;
        this.process.record('write lunward.lock.json');
        return 'changed';
      },
    };
  }

  get migrator(): Migrator {
    const { client } = this.cluster;
    return new Migrator({
      project: this.project,
      client,
      nodes: this.nodes.map(({ machine: { name } }) => ({ name, runner: this.runnerOf(name) })),
      owners: { kubectl: (props) => modelOwner(props.client, () => this.model) },
      report: (event) => {
        this.reported.push(event);
        this.onEvent(event);
      },
    });
  }

  /** Runs each script on the machine that the node's address leads to at that time. */
  private runnerOf(name: string): Runner {
    const machine = () => {
      const address = this.addresses[name] ?? name;
      return this.nodes.find((one) => one.machine.name === address) as ModelNode;
    };
    return {
      run: (script) => machine().run(script),
      unit: (unit, script) => machine().unit(unit, script),
    };
  }

  /** Everything that was changed, in its order. */
  get changes(): string[] {
    return this.process.names;
  }

  place(volume: DataVolume): Place {
    return this.storage.of(volume);
  }

  /** What the app has on a volume. */
  rows(volume: DataVolume): string[] {
    return (this.place(volume).files[DATABASE] ?? '').split('\n').filter(Boolean);
  }

  get journal(): JournalContent {
    const found = this.cluster.find<{ data: { journal: string } }>('ConfigMap', 'lunward-app', 'media');
    return found ? JSON.parse(found.data.journal) : { volumes: {} };
  }

  /** States of an attempt at a volume, in their order. */
  states(volume: DataVolume): string[] {
    return (this.journal.volumes[volume.name] ?? []).map(({ state }) => state);
  }

  /** Names of the claims that the app's pod mounts; none where no pod runs. */
  get runsOn(): string[] {
    return this.kubelet
      .pods()
      .flatMap(({ metadata, spec, status }) =>
        status?.phase === 'Running' && !metadata?.deletionTimestamp
          ? (spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? [])
          : [],
      );
  }

  /** Types of what was reported, each once in a row. */
  get told(): string[] {
    const types = this.reported.map(({ type }) => type);
    return types.filter((type, index) => type !== types[index - 1]);
  }

  /** All that is in this world, without leases. */
  get snapshot(): unknown {
    const units = this.nodes.map((node) => [...node.units.keys()]);
    return { storage: this.storage.snapshot, cluster: this.cluster.snapshot, lock: this.lock, units };
  }
}

/** Approves whatever is asked. */
export const yes = async (): Promise<void> => {};
