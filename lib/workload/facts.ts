import type { HealthCheck } from './health';
import type { PortProps } from './manifests/ports';

/** A database that an app keeps below its config directory. */
export interface Database {
  /** Path relative to the config directory; `*` stands for any run of characters but `/`. */
  readonly path: string;
  /** Only SQLite is known today. A WAL database has a `-wal` and a `-shm` file beside it. */
  readonly engine: 'sqlite';
  /** The image family that keeps it there, where families differ. Default: every image. */
  readonly imageFamily?: 'linuxserver' | 'official';
}

/** A setting that has to be another one once the app's state lies on a block device. */
export interface SettingPatch {
  /** The XML file, relative to the config directory. */
  readonly path: string;
  /** The image family that keeps it there, where families differ. Default: every image. */
  readonly imageFamily?: 'linuxserver' | 'official';
  /** Names of the elements that lead to it, from the root of the document. */
  readonly element: readonly string[];
  /** What it may say on a network file system. With anything else nobody knows what a change would do. */
  readonly from: readonly string[];
  readonly to: string;
}

/** How an app is asked to end. */
export interface StopFacts {
  /** The signal on which the app ends cleanly. Kubernetes sends SIGTERM unless a hook does otherwise. */
  readonly signal: 'SIGTERM' | 'SIGINT';
  /** Seconds that a clean end may take: the pod's `terminationGracePeriodSeconds`. */
  readonly gracePeriodSeconds: number;
}

/** What is known of a media app whatever the cluster: the catalog holds one of these an app. */
export interface AppFacts {
  /** The app's usual name, in lower case: the default name of its objects. */
  readonly name: string;
  /** The ports that the app listens on by default, by name. The first serves its web page. */
  readonly ports: Readonly<Record<string, number | PortProps>>;
  /** What answers without a login while the app is well. */
  readonly health: HealthCheck;
  /** Absolute path in the container of the directory with the app's settings and databases. */
  readonly configPath: string;
  /** Further directories in the container that hold state and want a volume of their own. Default: none. */
  readonly statePaths?: readonly string[];
  /** Databases below `configPath`; empty where the app keeps none. */
  readonly databases: readonly Database[];
  /** What is changed when its state moves from a network file system to a block device. Default: nothing. */
  readonly patches?: readonly SettingPatch[];
  /** How it is stopped. */
  readonly stop: StopFacts;
  /** Log lines that mean that the storage, not the app, is in trouble. */
  readonly storageTrouble: readonly RegExp[];
  /** The numeric user that the image is fixed to, where it takes neither PUID nor another user. Default: none. */
  readonly fixedUser?: number;
}
