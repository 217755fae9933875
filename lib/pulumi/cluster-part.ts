import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { Cluster } from '../cluster/cluster';
import { liveCluster } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import { volumeUses } from '../cluster/volume-uses';
import { synthesizePart } from '../constructs/cluster-charts';
import type { Manifest } from '../core/kubernetes';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { isRestart } from '../migration/journal/cutover';
import { volumeManifests } from '../workload/manifests/manifests';
import { adoptable } from './adoption';
import { manifestsDuring } from './cutover-manifests';
import { dependenciesOf } from './edges';
import { type Guarded, makeGuards } from './guard';
import { agreedJournal, isJournaled, isRetired } from './journal-of-part';
import { manifestResource } from './kind-table';
import { describeObject } from './object-reference';

/** The arguments of a `ClusterPart`. */
export interface ClusterPartArgs {
  /** The cluster, as `defineCluster` returns it. */
  readonly cluster: Cluster;
  /** Key of an app in the description, or `shared`. */
  readonly part: string;
  /** Which generations are live. Default: the first of each volume. */
  readonly lock?: Lock;
  /** Whether to adopt objects that already run, if they are as described. Default: `false`: they are refused. */
  readonly adopt?: boolean;
}

/** One app of a description, or what the apps share, as Pulumi resources, for a Pulumi program of your own. */
export class ClusterPart extends pulumi.ComponentResource {
  /** The objects that it applies: `Deployment media/jellyfin` and so on. */
  readonly objects: readonly string[];

  private constructor(name: string, prepared: PreparedPart, options: pulumi.ComponentResourceOptions) {
    super('lunward:index:ClusterPart', name, {}, options);
    const { manifests, context } = prepared;
    const provider = options.provider ?? this.makeProvider(name, context);
    const guards = makeGuards(name, prepared);
    const resources = new Map<Manifest, pulumi.Resource>();
    for (const manifest of manifests) {
      const holdsData = prepared.holdsData(manifest);
      const resource = manifestResource(manifest, {
        parent: this,
        provider,
        dependsOn: dependenciesOf(manifest, manifests).flatMap((other) => resources.get(other) ?? []),
        hooks: holdsData ? guards.ofData : guards.ofObject,
        // In addition to the hook, for an engine or a person that bypasses it.
        retainOnDelete: holdsData,
        // A startup probe may take ten minutes, and so may pulling the image.
        ...(manifest.kind === 'Deployment' && { customTimeouts: { create: '20m', update: '20m' } }),
      });
      resources.set(manifest, resource);
    }
    this.objects = manifests.map(describeObject);
    this.registerOutputs({ objects: this.objects });
  }

  /**
   * Creates the resources of one part of a cluster.
   *
   * @throws UserError if the part is not described, if the kubeconfig lacks the context, if an object to adopt differs,
   * or if the app would get another volume than the one with its data
   * @throws DescriptionError if the lock names a generation that is not described
   */
  static async create(
    name: string,
    args: ClusterPartArgs,
    options: pulumi.ComponentResourceOptions = {},
  ): Promise<ClusterPart> {
    return new ClusterPart(name, await preparePart(args), options);
  }

  private makeProvider(name: string, context: string | undefined): kubernetes.Provider {
    return new kubernetes.Provider(
      name,
      {
        context,
        // Without it, a renewed certificate in the kubeconfig looks like another cluster, and Pulumi replaces
        // everything.
        clusterIdentifier: context ?? 'current-context',
      },
      { parent: this },
    );
  }
}

interface PreparedPart extends Guarded {
  readonly context: string | undefined;
  holdsData(manifest: Manifest): boolean;
}

async function preparePart({ cluster, part, lock, adopt }: ClusterPartArgs): Promise<PreparedPart> {
  const { context } = cluster.description;
  checkKubeconfig(context);
  const live = liveCluster(cluster, lock);
  for (const { path, message } of live.warnings) {
    await pulumi.log.warn(`${path}: ${message}`);
  }
  const client = new ClusterClient(context);
  const model = live.apps[part];
  const agreed = model && (await agreedJournal(client, { app: part, model, locked: lock?.live[part] ?? {} }));
  const journal = agreed?.journal;
  const state = { cutover: journal?.cutover, isRunning: agreed?.isRunning ?? false };
  const { manifests, isKeptStopped } = manifestsDuring(state, synthesizePart(live, part));
  if (isKeptStopped) {
    await pulumi.log.warn(
      `apps.${part} is ${journal?.cutover && isRestart(journal.cutover) ? 'being restarted by `lunward restart`' : 'being moved by `lunward migrate`'} since ${journal?.cutover?.at}: it is kept stopped until that has ended. ` +
        `\`lunward status ${part}\` says how far it is`,
    );
  }
  // Adopted without Pulumi's `import`: that forces the program to keep what the cluster chose (a Service's address)
  // forever. A server-side apply of an identical object changes only its field manager.
  const adopted = adopt ? await adoptable(manifests, client) : new Set<Manifest>();
  const disposable = disposableObjects(cluster);
  return {
    manifests,
    adopted,
    client,
    context,
    // Deleting a namespace deletes every claim in it.
    holdsData: (manifest) =>
      ['Namespace', 'PersistentVolume', 'PersistentVolumeClaim'].includes(manifest.kind) &&
      !disposable.has(describeObject(manifest)),
    isJournaled: (manifest) => journal !== undefined && isJournaled(manifest, manifests, journal),
    isRetired: (manifest) => journal !== undefined && isRetired(manifest, journal),
  };
}

function disposableObjects({ apps, namespace }: Cluster): ReadonlySet<string> {
  const volumes = volumeUses(apps, namespace.name).filter(({ volume }) => 'disposable' in volume && volume.disposable);
  return new Set(volumes.flatMap((use) => volumeManifests(use.volume, use.namespace)).map(describeObject));
}
