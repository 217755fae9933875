import { at } from '../core/paths';
import type { PersistentVolume } from '../volumes/kinds';
import { isPersistent, kindOf } from '../volumes/kinds';
import type { Database } from './facts';
import { type ContainerPort, containerPorts } from './manifests/ports';
import { type NormalMount, normalizeMount } from './mounts';
import type { IdentityProps, MediaAppProps } from './props';
import type { ServiceProps } from './service';

/** What an app gets from its surroundings: the description of the cluster, or the chart. */
export interface AppContext {
  /** Name, if the props have none. */
  readonly name: string;
  /** Namespace, if the props have none. */
  readonly namespace: string;
  /** Identity, for properties that the props do not set. */
  readonly defaults?: IdentityProps;
  /** Claim name of the live generation of each volume with a history, by mount path. Default: the first. */
  readonly live?: Readonly<Record<string, string>>;
  /** The seals of generations that data was moved to, by claim name. Default: none. */
  readonly sealed?: Readonly<Record<string, Seal>>;
  /** Claim names of generations that were removed from the cluster. Default: none. */
  readonly retired?: readonly string[];
}

/** Content of the marker on a volume that data was moved to completely. The app then starts on no other volume. */
export interface Seal {
  /** Number of the attempt to fill the volume, counted from 1. */
  readonly attempt: number;
  /** UUID of the file system. */
  readonly uuid: string;
}

/** A reference from an Ingress or a route to a Service of the app and one of its ports. */
export interface BackendReference {
  /** Name of the Service. Default: the app's first. */
  readonly service?: string;
  /** Name of the port. Default: the Service's first. */
  readonly port?: string;
}

/** A media app with all defaults filled in. Manifests are made from it. */
export interface MediaAppModel {
  readonly props: MediaAppProps;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly identity: IdentityProps;
  readonly ports: readonly ContainerPort[];
  readonly services: readonly ServiceProps[];
  /** The config volume first, then the others by mount path. */
  readonly mounts: readonly LiveMount[];
  readonly configPath: string;
  readonly databases: readonly Database[];
  /** Returns the Service and port for an Ingress or a route; `undefined` if they do not exist. */
  findBackend(reference: BackendReference): Backend | undefined;
  /**
   * Like `findBackend`, for a reference that was checked.
   *
   * @throws Error if Service or port do not exist
   */
  backend(reference: BackendReference): Backend;
}

/** A Service and one of its ports. */
export interface Backend {
  readonly service: string;
  readonly port: { readonly name: string; readonly number: number };
}

/** A mount and its live generation. */
export interface LiveMount extends NormalMount {
  /** The live generation. */
  readonly volume: NormalMount['generations'][number];
  /** Seal of the live generation. Missing if no data was moved to it. */
  readonly seal?: Seal;
  /** Other generations that the cluster has: the older ones, and the ones that were rolled back. */
  readonly kept: readonly PersistentVolume[];
  /** Generations that were removed from the cluster. */
  readonly retired: readonly PersistentVolume[];
}

/** Fills in the defaults. */
export function resolveApp(props: MediaAppProps, context: AppContext): MediaAppModel {
  const name = props.name ?? context.name;
  const namespace = props.namespace ?? context.namespace;
  const selector = props.selector ?? { 'app.kubernetes.io/name': name };
  const configPath = props.configPath ?? props.facts?.configPath ?? '/config';
  const ports = containerPorts(props.ports ?? props.facts?.ports ?? {});
  const services = [props.service ?? (ports.length > 0 ? {} : [])].flat() as ServiceProps[];
  const findBackend = (reference: BackendReference) => backendOf(name, services, ports, reference);
  return {
    props,
    name,
    namespace,
    labels: props.labels ?? { 'app.kubernetes.io/name': name },
    selector,
    identity: resolveIdentity(props, context.defaults),
    ports,
    services,
    mounts: normalMounts(props, configPath).map((mount) => withLive(mount, context)),
    configPath,
    databases: props.databases ?? props.facts?.databases ?? [],
    findBackend,
    backend: (reference) => {
      const backend = findBackend(reference);
      if (!backend) {
        throw new Error(`App "${name}" has no Service port for ${JSON.stringify(reference)}`);
      }
      return backend;
    },
  };
}

/**
 * Returns the mounts in their long form: config first, the others sorted by path, so that moving a line in the
 * description changes no pod.
 */
export function normalMounts(props: MediaAppProps, configPath: string): NormalMount[] {
  const config = props.config ? [normalizeMount(configPath, props.config)] : [];
  const others = Object.entries(props.mounts ?? {}).map(([path, mount]) => normalizeMount(path, mount));
  return [...config, ...others.sort((left, right) => (left.mountPath < right.mountPath ? -1 : 1))];
}

/** Returns the path in the description of a mount, or of one of its generations. */
export function describedAt(app: MediaAppModel, mount: NormalMount, path: string, generation?: number): string {
  const isConfig = mount.mountPath === app.configPath && app.props.config !== undefined;
  const written = isConfig ? app.props.config : app.props.mounts?.[mount.mountPath];
  const base = isConfig ? at(path, 'config') : at(path, 'mounts', mount.mountPath);
  const holder = written && 'volume' in written ? at(base, 'volume') : base;
  return generation === undefined ? base : mount.generations.length > 1 ? at(holder, generation) : holder;
}

/** Returns the labels of the app's pods. */
export function podLabels({ props, labels, selector }: MediaAppModel): Readonly<Record<string, string>> {
  return { ...(props.podLabels ?? labels), ...selector };
}

/** Whether only one pod at a time may use a volume. */
export function isSingleWriter(volume: PersistentVolume): boolean {
  const modes = accessModesOfVolume(volume);
  return modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
}

function accessModesOfVolume(volume: PersistentVolume): readonly string[] {
  if (volume.accessModes) {
    return volume.accessModes;
  }
  const claim = kindOf(volume).persistentVolumeClaim(volume, 'default');
  return (claim?.spec?.accessModes as readonly string[] | undefined) ?? ['ReadWriteOnce'];
}

function withLive(mount: NormalMount, { live, sealed = {}, retired = [] }: AppContext): LiveMount {
  const named = mount.generations.findIndex((volume) => 'name' in volume && volume.name === live?.[mount.mountPath]);
  // The checks ran before: a description has at least one generation for each mount, and the lock file names an
  // existing one.
  const index = Math.max(0, named);
  const volume = mount.generations[index] as LiveMount['volume'];
  const hasLeft = ({ name }: PersistentVolume) => retired.includes(name);
  const others = mount.generations
    .filter((other, place) => place < index || (place > index && 'name' in other && other.name in sealed))
    .filter(isPersistent);
  const seal = 'name' in volume ? sealed[volume.name] : undefined;
  return {
    ...mount,
    volume,
    kept: others.filter((other) => !hasLeft(other)),
    retired: others.filter(hasLeft),
    ...(seal && { seal }),
  };
}

function resolveIdentity(props: MediaAppProps, defaults: IdentityProps = {}): IdentityProps {
  const { puid, pgid, umask, timezone } = defaults;
  const said = [props, props.pod?.securityContext, props.container?.securityContext];
  const rootless = props.facts?.fixedUser !== undefined || said.some((own) => own?.runAsUser !== undefined);
  const byVariables = rootless ? {} : { puid, pgid };
  return {
    ...byVariables,
    umask,
    timezone,
    ...(props.facts?.fixedUser === undefined ? {} : { fsGroup: props.facts.fixedUser }),
    ...Object.fromEntries(identityKeys.flatMap((key) => (props[key] === undefined ? [] : [[key, props[key]]]))),
  };
}

const identityKeys = [
  'puid',
  'pgid',
  'umask',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'supplementalGroups',
  'timezone',
] as const satisfies readonly (keyof IdentityProps)[];

function backendOf(
  appName: string,
  services: readonly ServiceProps[],
  ports: readonly ContainerPort[],
  reference: BackendReference,
): Backend | undefined {
  const service = services.find(
    (candidate) => (candidate.name ?? appName) === (reference.service ?? candidate.name ?? appName),
  );
  const offered = (service?.ports ?? [...new Set(ports.map((port) => port.group))]).map((entry) =>
    typeof entry === 'string' ? { name: entry } : entry,
  );
  const entry = offered.find((candidate) => candidate.name === (reference.port ?? candidate.name));
  const port = ports.find((candidate) => candidate.group === entry?.name && candidate.protocol === 'TCP');
  return service && entry && port
    ? { service: service.name ?? appName, port: { name: port.name, number: entry.port ?? port.containerPort } }
    : undefined;
}
