import type { AppFacts, Database, HealthCheck } from '../../lib/workload';
import { containerPorts } from '../../lib/workload/manifests/ports';
import { FORWARDS } from '../machines/arguments';
import type { ArchiveImage } from './archive';
import { type Layers, MEDIA_APP, PATH } from './layers';

/** What a stand-in must do to pass for an app. */
export interface Behavior {
  /** The app's usual name, which says what settings file it reads. */
  readonly name: string;
  /** TCP ports; the first serves the web page. */
  readonly ports: readonly number[];
  /** Paths, and queries where they have one, that answer while the app is well. */
  readonly healthPaths: readonly string[];
  readonly configPath: string;
  readonly databases: readonly Database[];
  readonly stopSignal?: AppFacts['stop']['signal'];
  /** The user that the image is fixed to. Default: none. */
  readonly user?: number;
}

type Family = NonNullable<Database['imageFamily']>;

/** Sonarr and what was made of it; all keep their settings in a `config.xml`. */
const SERVARR = ['lidarr', 'prowlarr', 'radarr', 'readarr', 'sonarr', 'whisparr'];

/** The image that passes for an app under its reference. */
export function standIn(reference: string, behavior: Behavior, layers: Layers): ArchiveImage {
  const family = imageFamily(reference, behavior.name);
  const settings = settingsFile(behavior.name, family);
  const databases = behavior.databases
    .filter((database) => (database.imageFamily ?? family) === family && !database.path.includes('*'))
    .map((database) => database.path);
  return {
    reference,
    layers: [layers.busybox, layers.mediaApp],
    entrypoint: [MEDIA_APP, 'serve'],
    env: {
      PATH,
      APP_NAME: behavior.name,
      APP_ACKNOWLEDGE: `${FORWARDS.acknowledge.address}:${FORWARDS.acknowledge.port}`,
      APP_PORT: behavior.ports.join(':'),
      APP_HEALTH_PATH: behavior.healthPaths.join(' '),
      APP_CONFIG_PATH: behavior.configPath,
      APP_DATABASES: databases.join(':'),
      ...(settings && { APP_SETTINGS: settings }),
      ...(behavior.stopSignal && { APP_STOP_SIGNAL: behavior.stopSignal }),
      // Whom LinuxServer images become unless they are told otherwise.
      ...(isLinuxServer(reference) && { PUID: '911', PGID: '911' }),
    },
    exposedPorts: behavior.ports,
    user: behavior.user?.toString(),
  };
}

/** The behaviour that the catalog knows of an app. */
export function behaviorOf(facts: AppFacts): Behavior {
  return {
    name: facts.name,
    ports: tcpPorts(containerPorts(facts.ports)),
    healthPaths: healthPaths(facts.health),
    configPath: facts.configPath,
    databases: facts.databases,
    stopSignal: facts.stop.signal,
    user: facts.fixedUser,
  };
}

/** The numbers of TCP ports, each once. */
export function tcpPorts(ports: readonly { readonly containerPort: number; readonly protocol?: string }[]): number[] {
  return [...new Set(ports.filter(({ protocol }) => protocol !== 'UDP').map(({ containerPort }) => containerPort))];
}

/** A port that accepts connections is enough for a check that asks no path. */
export function healthPaths(health: HealthCheck | undefined): string[] {
  return health && 'path' in health ? [health.path] : [];
}

/** An app's own image where its makers' name is the app's; everybody else does as LinuxServer does. */
function imageFamily(reference: string, app: string): Family {
  const owners = reference.split('/').slice(0, -1);
  return owners.some((owner) => owner === app || owner === `${app}official`) ? 'official' : 'linuxserver';
}

/** It publishes on several registries, always under its name. */
function isLinuxServer(reference: string): boolean {
  return reference.split('/').slice(0, -1).includes('linuxserver');
}

function settingsFile(app: string, family: Family): string | undefined {
  if (SERVARR.includes(app)) return 'config.xml';
  if (app !== 'jellyfin') return undefined;
  // The official image has its configuration one directory below its data.
  return family === 'official' ? 'config/database.xml' : 'database.xml';
}
