import type { Advice } from '../core/advice';

/** What the Deployment of an app in the cluster asks for; any tool may have applied it. */
export interface Workload {
  readonly replicas: number;
  /** How many of its pods are Ready. */
  readonly ready: number;
  /** The claims that its containers mount, by mount path. */
  readonly claims: Readonly<Record<string, string>>;
}

/**
 * Who runs an app: plain `kubectl`, Pulumi, a GitOps controller. What a migration asks of it, and all that it knows of it. Each
 * can be asked again and again, for whoever asked before may have been killed in the middle.
 *
 * The volumes that an app gets are those that the description and the lock beside it say at the moment of asking; how many
 * replicas, the journal says: none while the app is stopped for a migration.
 */
export interface Owner {
  /** For a person, such as `kubectl` or `Pulumi (stack jellyfin)`. */
  readonly name: string;
  /** Whether it is asked by way of Pulumi, which a plan does without. */
  readonly needsPulumi: boolean;

  /** What is in the way of moving the app, whatever the volumes: found without changing anything. */
  refusals(): Promise<readonly Advice[]>;

  /** How many replicas the app is to have. */
  replicas(): Promise<number>;

  /**
   * Reads what runs from the cluster, and changes nothing.
   *
   * @throws UserError where the app has no Deployment there; UnreachableError where the cluster can't be asked
   */
  workload(): Promise<Workload>;

  /** From now on the owner doesn't start the app again by itself; a controller is suspended. */
  fence(): Promise<void>;

  /** Scales the app to zero. It returns when that is asked for: that pods are gone is proven by others. */
  stop(): Promise<void>;

  /** Gives the app the volumes that are live now, their claims too where they are not there, and leaves it stopped. */
  switchClaim(): Promise<void>;

  /** Lets the app run, with so many replicas. It doesn't wait until it does. */
  start(replicas: number): Promise<void>;

  /** Lets the owner continue by itself, when what it would apply equals what runs. */
  release(): Promise<void>;
}
