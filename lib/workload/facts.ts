import type { HealthCheck } from './health';
import type { PortProps } from './manifests/ports';

/** A database in an app's config directory. */
export interface Database {
  /** Path relative to the config directory. `*` matches any characters except `/`. */
  readonly path: string;
  /** Only SQLite is supported. A WAL database has a `-wal` and a `-shm` file next to it. */
  readonly engine: 'sqlite';
  /** The image family that has the database at this path, if families differ. Default: every image. */
  readonly imageFamily?: 'linuxserver' | 'official';
  /** Whether an app that has run may have none at this path. @default false */
  readonly isOptional?: boolean;
}

/** A setting that must change when the app's state moves to a block device. */
export interface SettingPatch {
  /** The XML file, relative to the config directory. */
  readonly path: string;
  /** The image family that has the file at this path, if families differ. Default: every image. */
  readonly imageFamily?: 'linuxserver' | 'official';
  /** Names of the XML elements on the path to the setting, starting with the document's root element. */
  readonly element: readonly string[];
  /**
   * Values that the setting may have on a network file system. The effect of a change is not known for any other value.
   */
  readonly from: readonly string[];
  /** The value for a block device. */
  readonly to: string;
}

/** How an app is stopped. */
export interface StopFacts {
  /** The signal on which the app stops cleanly. Kubernetes sends SIGTERM unless a hook sends another signal first. */
  readonly signal: 'SIGTERM' | 'SIGINT';
  /** Seconds that a clean stop may take: the pod's `terminationGracePeriodSeconds`. */
  readonly gracePeriodSeconds: number;
}

/** What is known about a media app on any cluster. The catalog has one of these for each app. */
export interface AppFacts {
  /** The app's usual name in lower case: the default name of its objects. */
  readonly name: string;
  /** The ports that the app listens on by default, by name. The first one serves its web page. */
  readonly ports: Readonly<Record<string, number | PortProps>>;
  /** What to ask, without a login, to check the app's health. */
  readonly health: HealthCheck;
  /** Absolute path of the app's config directory in the container, with its settings and databases. */
  readonly configPath: string;
  /** More directories in the container that contain state and need a volume of their own. Default: none. */
  readonly statePaths?: readonly string[];
  /** Databases below `configPath`. Empty if the app has none. */
  readonly databases: readonly Database[];
  /** Settings to change when the app's state moves from a network file system to a block device. Default: none. */
  readonly patches?: readonly SettingPatch[];
  /** How the app is stopped. */
  readonly stop: StopFacts;
  /** Log lines that mean trouble with the storage, not with the app. */
  readonly storageTrouble: readonly RegExp[];
  /** User id that is fixed in the image, if it accepts neither PUID nor another user. Default: none. */
  readonly fixedUser?: number;
}
