import type { V1Affinity, V1Container, V1PodSpec, V1Volume, V1VolumeMount } from '../../core/kubernetes';
import { compact } from '../../core/kubernetes';
import { isPersistent, kindOf } from '../../volumes/kinds';
import { guardContainers } from '../guard';
import { isSingleWriter, type MediaAppModel } from '../model';
import { podVolumes } from './pod-volumes';
import { containerProbes } from './probes';

type EnvVar = NonNullable<V1Container['env']>[number];

/** Returns the pod of a media app: the short props, their defaults, and the additions from `pod` and `container`. */
export function podSpec(app: MediaAppModel): V1PodSpec {
  const { pod = {}, gpu } = app.props;
  const { containers, initContainers, volumes, securityContext, affinity, ...rest } = pod;
  const own = podVolumes(app.mounts);
  return compact({
    // Media apps do not use the API server. Service links would set environment variables such as SONARR_PORT.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    runtimeClassName: gpu && 'resource' in gpu ? gpu.runtimeClassName : undefined,
    terminationGracePeriodSeconds: app.props.facts?.stop.gracePeriodSeconds,
    ...rest,
    securityContext: { ...identityContext(app), ...securityContext },
    affinity: withSelfAntiAffinity(app, affinity),
    // Guards come first: the other init containers may write to the volume.
    initContainers: nonEmpty([...guardContainers(app, own.volumeMounts), ...(initContainers ?? [])]),
    containers: [mainContainer(app, own.volumeMounts), ...(containers ?? [])],
    volumes: nonEmpty([...own.volumes, ...gpuVolumes(app), ...(volumes ?? [])]),
  });
}

/** Name of the pod's volume for `gpu.device`. */
export const deviceVolumeName = 'gpu';

function mainContainer(app: MediaAppModel, volumeMounts: readonly V1VolumeMount[]): V1Container {
  const { container = {}, gpu, containerName, image } = app.props;
  const { env, volumeMounts: moreMounts, securityContext, ...rest } = container;
  const device = gpu && 'device' in gpu ? gpu.device : undefined;
  return compact({
    name: containerName ?? app.name,
    image,
    lifecycle: stopHook(app),
    ...rest,
    env: nonEmpty([...identityVariables(app), ...variables(app), ...(env ?? [])]),
    ports: nonEmpty(app.ports.map(({ name, containerPort, protocol }) => ({ name, containerPort, protocol }))),
    resources: resources(app),
    ...containerProbes(app),
    // An unprivileged container sees the device file, but the node's device control group does not let it open the
    // file.
    securityContext: { ...(device ? { privileged: true } : {}), ...securityContext },
    volumeMounts: nonEmpty([
      ...volumeMounts,
      ...(device ? [{ name: deviceVolumeName, mountPath: device }] : []),
      ...(moreMounts ?? []),
    ]),
  });
}

function identityContext({ identity }: MediaAppModel): V1PodSpec['securityContext'] {
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups } = identity;
  return compact({
    runAsUser,
    runAsGroup,
    runAsNonRoot: runAsUser !== undefined && runAsUser > 0 ? true : undefined,
    fsGroup,
    // With the default policy the kubelet changes the owner of every file at every start: hours on a large library.
    fsGroupChangePolicy: fsGroup === undefined ? undefined : 'OnRootMismatch',
    supplementalGroups: supplementalGroups && [...supplementalGroups],
  });
}

function identityVariables({ identity, props }: MediaAppModel): EnvVar[] {
  const { puid, pgid, umask, timezone } = identity;
  const said = new Set([...Object.keys(props.env ?? {}), ...(props.container?.env ?? []).map(({ name }) => name)]);
  return Object.entries({ PUID: puid, PGID: pgid, UMASK: umask, TZ: timezone })
    .filter(([name, value]) => value !== undefined && !said.has(name))
    .map(([name, value]) => ({ name, value: String(value) }));
}

function variables({ props }: MediaAppModel): EnvVar[] {
  return Object.entries(props.env ?? {}).map(([name, value]) =>
    typeof value === 'object' ? { name, valueFrom: value } : { name, value: String(value) },
  );
}

function resources({ props }: MediaAppModel): V1Container['resources'] {
  const { gpu, resources: own } = props;
  if (!gpu || !('resource' in gpu)) {
    return own;
  }
  // For an extended resource the limit counts, and a request must equal it.
  return { ...own, limits: { ...own?.limits, [gpu.resource]: String(gpu.count ?? 1) } };
}

function gpuVolumes({ props: { gpu } }: MediaAppModel): V1Volume[] {
  return gpu && 'device' in gpu ? [{ name: deviceVolumeName, hostPath: { path: gpu.device } }] : [];
}

/**
 * Kubernetes sends SIGTERM. An app that stops cleanly only on SIGINT gets SIGINT from this hook. The hook then waits,
 * because Kubernetes sends SIGTERM when it returns; it ends with the container.
 */
function stopHook({ props }: MediaAppModel): V1Container['lifecycle'] {
  const stop = props.facts?.stop;
  if (!stop || stop.signal === 'SIGTERM') {
    return undefined;
  }
  const seconds = props.pod?.terminationGracePeriodSeconds ?? stop.gracePeriodSeconds;
  return { preStop: { exec: { command: ['/bin/sh', '-c', `kill -INT 1; exec sleep ${seconds}`] } } };
}

function withSelfAntiAffinity(app: MediaAppModel, affinity: V1Affinity | undefined): V1Affinity | undefined {
  if (!(app.props.selfAntiAffinity ?? hasAttachableSingleWriter(app))) {
    return affinity;
  }
  // A replacement pod may start while the old one is still stopping, and one node mounts a ReadWriteOnce volume for
  // both.
  const term = { labelSelector: { matchLabels: { ...app.selector } }, topologyKey: 'kubernetes.io/hostname' };
  const required = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    ...affinity,
    podAntiAffinity: {
      ...affinity?.podAntiAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: [term, ...required],
    },
  };
}

function hasAttachableSingleWriter(app: MediaAppModel): boolean {
  return app.mounts.some(
    ({ volume }) => isPersistent(volume) && kindOf(volume).attachable(volume) && isSingleWriter(volume),
  );
}

function nonEmpty<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}
