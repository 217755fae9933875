import { isDeepStrictEqual } from 'node:util';
import type { V1Container } from '../../core/kubernetes';
import { at } from '../../core/paths';
import type { Problem } from '../../core/problems';
import { isPersistent, type PersistentVolume } from '../../volumes/kinds';
import { deviceVolumeName } from '../manifests/pod';
import { podVolumes } from '../manifests/pod-volumes';
import { describedAt, type MediaAppModel } from '../model';

/** Lists mounts that clash, volumes that no container mounts, and mounts of volumes that do not exist. */
export function podVolumeProblems(app: MediaAppModel, path: string): Problem[] {
  return [
    ...mountPathClashes(app, path),
    ...unmountable(app, path),
    ...foreignClaims(app, path),
    ...nameClashes(app, path),
    ...danglingNames(app, path),
  ];
}

function mountPathClashes(app: MediaAppModel, path: string): Problem[] {
  const taken = new Map<string, string>();
  const problems: Problem[] = [];
  const take = (mountPath: string, where: string) => {
    const before = taken.get(mountPath);
    if (before) {
      problems.push({
        path: where,
        value: mountPath,
        expected: `another mount path: ${before} has this one`,
        remedy: 'keep one of the two, for the second would hide the first',
      });
    }
    taken.set(mountPath, before ?? where);
  };
  for (const { mountPath } of app.mounts) {
    const isConfig = mountPath === app.configPath && app.props.config && !taken.has(mountPath);
    take(mountPath, isConfig ? at(path, 'config') : at(path, 'mounts', mountPath));
  }
  if (app.props.gpu && 'device' in app.props.gpu) {
    take(app.props.gpu.device, at(path, 'gpu', 'device'));
  }
  app.props.container?.volumeMounts?.forEach((mount, index) => {
    take(mount.mountPath, at(path, 'container', 'volumeMounts', index, 'mountPath'));
  });
  return problems;
}

function unmountable(app: MediaAppModel, path: string): Problem[] {
  return generationsOf(app, path)
    .filter(({ volume }) => 'volumeMode' in volume && volume.volumeMode === 'Block')
    .map(({ where, volume }) => ({
      path: at(where, 'volumeMode'),
      value: `Block of "${volume.name}"`,
      expected: 'a volume with a file system, for a mount path is a directory',
    }));
}

function foreignClaims(app: MediaAppModel, path: string): Problem[] {
  return generationsOf(app, path)
    .filter(({ volume }) => (volume.namespace ?? app.namespace) !== app.namespace)
    .map(({ where, volume }) => ({
      path: at(where, 'namespace'),
      value: volume.namespace,
      expected: `a claim in the app's own namespace "${app.namespace}", for a pod can use no other`,
      remedy: 'leave it out, or move the app with its own `namespace`',
    }));
}

// Checks every generation, not only the live one: a problem with the next generation must be reported before the
// migration.
function generationsOf(app: MediaAppModel, path: string): { volume: PersistentVolume; where: string }[] {
  return app.mounts.flatMap((mount) =>
    mount.generations.flatMap((volume, index) =>
      isPersistent(volume) ? [{ volume, where: describedAt(app, mount, path, index) }] : [],
    ),
  );
}

function nameClashes(app: MediaAppModel, path: string): Problem[] {
  const { volumes } = podVolumes(app.mounts);
  const problems: Problem[] = [];
  volumes.forEach((volume, index) => {
    const other = volumes.slice(0, index).find(({ name }) => name === volume.name);
    if ((other && !isDeepStrictEqual(other, volume)) || (hasDevice(app) && volume.name === deviceVolumeName)) {
      problems.push({
        path: at(path, 'mounts'),
        value: volume.name,
        expected: 'a name of its own for each volume of the pod',
      });
    }
  });
  const own = new Set([...volumes.map(({ name }) => name), ...(hasDevice(app) ? [deviceVolumeName] : [])]);
  app.props.pod?.volumes?.forEach(({ name }, index) => {
    if (own.has(name)) {
      problems.push({
        path: at(path, 'pod', 'volumes', index, 'name'),
        value: name,
        expected: 'a name that no other volume of the pod has',
        remedy: 'a container can mount the volumes of `config` and `mounts` by their names',
      });
    }
    own.add(name);
  });
  return problems;
}

function danglingNames(app: MediaAppModel, path: string): Problem[] {
  const { pod = {}, container = {} } = app.props;
  const containers: readonly (readonly [string, Partial<V1Container>])[] = [
    [at(path, 'container'), container],
    ...(pod.containers ?? []).map((item, index) => [at(path, 'pod', 'containers', index), item] as const),
    ...(pod.initContainers ?? []).map((item, index) => [at(path, 'pod', 'initContainers', index), item] as const),
  ];
  const extra = (pod.volumes ?? []).map(({ name }) => name);
  const device = hasDevice(app) ? [deviceVolumeName] : [];
  const known = new Set([...podVolumes(app.mounts).volumes.map(({ name }) => name), ...extra, ...device]);
  const used = new Set<string>();
  const problems: Problem[] = [];
  for (const [where, item] of containers) {
    for (const key of ['volumeMounts', 'volumeDevices'] as const) {
      item[key]?.forEach(({ name }: { readonly name: string }, index: number) => {
        used.add(name);
        if (!known.has(name)) {
          problems.push({
            path: at(where, key, index, 'name'),
            value: name,
            expected: `one of the pod's volumes: ${[...known].map((word) => `"${word}"`).join(', ') || 'it has none'}`,
          });
        }
      });
    }
  }
  extra.forEach((name, index) => {
    if (!used.has(name)) {
      problems.push({
        path: at(path, 'pod', 'volumes', index),
        value: name,
        expected: 'a volume that a container mounts',
        remedy: 'mount it in `container.volumeMounts` or in a sidecar, or leave it out',
      });
    }
  });
  return problems;
}

function hasDevice({ props: { gpu } }: MediaAppModel): boolean {
  return gpu !== undefined && 'device' in gpu;
}
