import type { MediaAppProps } from '../workload/props';

/** A machine of the cluster. */
export interface NodeProps {
  /** How to reach it over SSH: `admin@192.0.2.210`, with `:2222` behind it for another port. Default: not at all. */
  readonly ssh?: string;
  /** Its public host key for SSH: `ssh-ed25519 AAAA…`. Default: the one in known_hosts. */
  readonly hostKey?: string;
  /** Who manages the packages on it, such as `Ansible`: it is then only looked at. Default: nobody, and Lunward installs. */
  readonly managedBy?: string;
}

/** The namespace of the apps, where there is more to say than its name. */
export interface NamespaceProps {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Somebody else makes it. Default: `false`, and the shared stack makes it. */
  readonly existing?: boolean;
}

/** What holds for every app that does not say otherwise. */
export type Defaults = Pick<MediaAppProps, 'puid' | 'pgid' | 'umask' | 'timezone'>;

/** A media cluster, as its owner describes it. */
export interface ClusterDescription {
  /** Context of the kubeconfig. Default: the current one. */
  readonly context?: string;
  /** The machines, by their names in the cluster. */
  readonly nodes?: Readonly<Record<string, NodeProps>>;
  /** Namespace of the apps. */
  readonly namespace: string | NamespaceProps;
  readonly defaults?: Defaults;
  /** The apps, by the name that their objects, files and stacks get. */
  readonly apps: Readonly<Record<string, MediaAppProps>>;
}

/** The name of the stack and file of what apps share. */
export const sharedName = 'shared';
