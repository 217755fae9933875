import { App, Chart, Yaml } from 'cdk8s';
import type { Cluster } from '../cluster/cluster';
import { sharedName } from '../cluster/description';
import { type LiveCluster, liveCluster, ownVolumes } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import { compact, type Manifest } from '../core/kubernetes';
import type { Warning } from '../core/problems';
import { volumeManifests } from '../workload/manifests/manifests';
import { MediaApp } from './media-app';
import { addObject } from './objects';

/** The manifests of a cluster, by app. `shared` has those that apps share. */
export interface ClusterManifests {
  readonly manifests: Readonly<Record<string, readonly Manifest[]>>;
  readonly warnings: readonly Warning[];
}

/**
 * Synthesizes a described cluster.
 *
 * @throws DescriptionError if the lock file names a generation that is not described
 */
export function synthesizeCluster(cluster: Cluster, lock?: Lock): ClusterManifests {
  const live = liveCluster(cluster, lock);
  const names = [...Object.keys(live.apps), sharedName].sort();
  return {
    manifests: Object.fromEntries(names.map((name) => [name, synthesizePart(live, name)])),
    warnings: live.warnings,
  };
}

/**
 * Synthesizes one app of a live cluster, or, for the name `shared`, what apps share.
 *
 * @throws Error if no such app is described
 */
export function synthesizePart(live: LiveCluster, name: string): Manifest[] {
  // One cdk8s App for each chart: synthesis takes time by the square of the number of charts in an App.
  const chart = new Chart(new App(), name, { disableResourceNameHashes: true });
  if (name === sharedName) {
    addShared(chart, live);
  } else {
    addApp(chart, live, name);
  }
  return sorted(chart.toJson() as Manifest[]);
}

/** Formats manifests as one YAML file, for Git and GitOps controllers. */
export function toYaml(manifests: readonly Manifest[]): string {
  return Yaml.stringify(...manifests);
}

function addShared(chart: Chart, { cluster, shared }: LiveCluster): void {
  const { name, labels, annotations, existing } = cluster.namespace;
  if (!existing) {
    addObject(chart, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: compact({ name, labels, annotations }),
    });
  }
  for (const volume of shared) {
    for (const manifest of volumeManifests(volume, name)) {
      const { kind, metadata } = manifest;
      addObject(chart, [kind, metadata.namespace, metadata.name].filter(Boolean).join('-'), manifest);
    }
  }
}

function addApp(chart: Chart, live: LiveCluster, key: string): void {
  const model = live.apps[key];
  if (!model) {
    throw new Error(`No app "${key}" is described; there are ${Object.keys(live.apps).join(', ')}`);
  }
  new MediaApp(chart, key, model.props, { model, volumes: ownVolumes(live, model) });
}

const kindOrder = [
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'Service',
  'Ingress',
  'HTTPRoute',
];

// Sorted by kind in the order of use, then by name: moving a line in the description changes nothing in Git.
function sorted(manifests: Manifest[]): Manifest[] {
  const rank = ({ kind }: Manifest) => (kindOrder.indexOf(kind) + kindOrder.length + 1) % (kindOrder.length + 1);
  return manifests.sort(
    (left, right) =>
      rank(left) - rank(right) ||
      compareText(left.metadata.name, right.metadata.name) ||
      compareText(left.metadata.namespace ?? '', right.metadata.namespace ?? ''),
  );
}

// Compares code units: a locale's order differs between machines.
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
