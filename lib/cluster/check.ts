import type { Manifest } from '../core/kubernetes';
import { at } from '../core/paths';
import type { Problem } from '../core/problems';
import { kindOf } from '../volumes/kinds';
import { describeLocation, overlaps } from '../volumes/location';
import { sameVolume } from '../workload/checks/check';
import { workloadNames } from '../workload/manifests/manifests';
import { type MediaAppModel, podLabels, resolveApp } from '../workload/model';
import type { MediaAppProps } from '../workload/props';
import type { ClusterDescription } from './description';
import { type VolumeUse, volumeUses } from './volume-uses';

/** Lists problems between apps that are each valid on their own. */
export function crossAppProblems(
  description: ClusterDescription,
  apps: Readonly<Record<string, MediaAppProps>>,
): Problem[] {
  const namespace = typeof description.namespace === 'string' ? description.namespace : description.namespace.name;
  const uses = volumeUses(apps, namespace);
  const models = Object.entries(apps).map(([key, props]) => ({
    key,
    app: resolveApp(props, { name: key, namespace, defaults: description.defaults }),
  }));
  return [
    ...objectClashes(models),
    ...selectorClashes(models),
    ...volumeNameClashes(uses),
    ...sharedPlaces(uses),
    ...generationProblems(uses),
    ...unknownNodes(description, uses),
  ];
}

interface KeyedApp {
  readonly key: string;
  readonly app: MediaAppModel;
}

function objectClashes(models: readonly KeyedApp[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { key, app } of models) {
    for (const [kind, name] of workloadNames(app)) {
      const object = `${kind} ${app.namespace}/${name}`;
      const owner = owners.get(object);
      if (owner) {
        problems.push({
          path: at('apps', key),
          value: object,
          expected: `a name of its own: apps.${owner} has an object of this kind, namespace and name`,
        });
      }
      owners.set(object, owner ?? key);
    }
  }
  return problems;
}

function selectorClashes(models: readonly KeyedApp[]): Problem[] {
  const byLabel = new Map<string, KeyedApp[]>();
  for (const model of models) {
    for (const [label, value] of Object.entries(podLabels(model.app))) {
      const entry = `${model.app.namespace} ${label}=${value}`;
      const others = byLabel.get(entry) ?? [];
      others.push(model);
      byLabel.set(entry, others);
    }
  }
  return models.flatMap(({ key, app }): Problem[] => {
    const [first] = Object.entries(app.selector);
    const candidates = first ? (byLabel.get(`${app.namespace} ${first[0]}=${first[1]}`) ?? []) : [];
    const other = candidates.find(
      (candidate) =>
        candidate.key !== key &&
        Object.entries(app.selector).every(([label, value]) => podLabels(candidate.app)[label] === value),
    );
    return other
      ? [
          {
            path: at('apps', key, 'selector'),
            value: app.selector,
            expected: `labels that no other app's pods have; those of apps.${other.key} have them too`,
            remedy: 'Services would send requests to the other app, and Deployments count its pods',
          },
        ]
      : [];
  });
}

function volumeNameClashes(uses: readonly VolumeUse[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, VolumeUse>();
  for (const use of uses) {
    const { volume, namespace } = use;
    const kind = kindOf(volume);
    const names = [kind.persistentVolume(volume, namespace), kind.persistentVolumeClaim(volume, namespace)]
      .filter((manifest) => manifest !== undefined)
      .map(objectKey);
    for (const name of names) {
      const other = seen.get(name);
      if (other && !(other.namespace === namespace && sameVolume(other.volume, volume))) {
        problems.push({
          path: use.path,
          value: name,
          expected: `a name of its own: ${other.path} gives another volume this one`,
          remedy: 'choose another name, or another volumeName where the claims are in two namespaces',
        });
        break;
      }
      seen.set(name, other ?? use);
    }
  }
  return problems;
}

function sharedPlaces(uses: readonly VolumeUse[]): Problem[] {
  const problems: Problem[] = [];
  const bySystem = new Map<string, VolumeUse[]>();
  const byClaim = new Map<string, VolumeUse[]>();
  for (const use of uses.filter(({ state }) => state)) {
    const location = kindOf(use.volume).location(use.volume, use.namespace);
    const claim = `${use.namespace}/${use.volume.name}`;
    const neighbours = bySystem.get(location.system) ?? [];
    const namesakes = byClaim.get(claim) ?? [];
    const other =
      neighbours.find(
        (candidate) =>
          !isSameMention(candidate, use) &&
          overlaps(kindOf(candidate.volume).location(candidate.volume, candidate.namespace), location),
      ) ?? namesakes.find((candidate) => isExisting(candidate) !== isExisting(use));
    if (other) {
      problems.push({
        path: use.path,
        value: describeLocation(location),
        expected: `a place of its own: ${other.path} has ${describeLocation(kindOf(other.volume).location(other.volume, other.namespace))}`,
        remedy: 'two apps, or two generations, in one place destroy each other’s data',
      });
    }
    bySystem.set(location.system, [...neighbours, use]);
    byClaim.set(claim, [...namesakes, use]);
  }
  return problems;
}

// A claim that is both "existing" and described is one volume under two kinds.
function isExisting({ volume }: VolumeUse): boolean {
  return volume.kind === 'existingClaim';
}

// One app may mount one volume at several paths. Two generations of one mount always count as two volumes.
function isSameMention(left: VolumeUse, right: VolumeUse): boolean {
  return left.app === right.app && left.mountPath !== right.mountPath && sameVolume(left.volume, right.volume);
}

function generationProblems(uses: readonly VolumeUse[]): Problem[] {
  return uses.flatMap((use): Problem[] => {
    const { volume, generation, path } = use;
    const fsType = 'fsType' in volume ? volume.fsType : undefined;
    const { access, attachable } = kindOf(volume);
    // A device that the kubelet itself mounts.
    const isFormattable = access === 'node' && attachable(volume);
    return generation > 0 && isFormattable && fsType !== undefined && fsType !== 'auto'
      ? [
          {
            path: at(path, 'fsType'),
            value: fsType,
            expected: '"auto" (or nothing) for a volume that data is moved to',
            remedy: 'with any other word the kubelet formats the LUN whenever it can’t read it, with the data on it',
          },
        ]
      : [];
  });
}

function unknownNodes({ nodes }: ClusterDescription, uses: readonly VolumeUse[]): Problem[] {
  const known = Object.keys(nodes ?? {});
  return uses.flatMap(({ volume, path }): Problem[] =>
    volume.kind === 'local' && known.length > 0 && !known.includes(volume.node)
      ? [{ path: at(path, 'node'), value: volume.node, expected: `one of the nodes: ${known.join(', ')}` }]
      : [],
  );
}

function objectKey({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}
