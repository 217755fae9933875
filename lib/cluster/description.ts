import type { MediaAppProps } from '../workload/props';

/** A node of the cluster. */
export interface NodeProps {
  /**
   * SSH destination: `admin@192.0.2.210`, or `admin@192.0.2.210:2222` for another port. Default: Lunward does not log
   * in to the node.
   */
  readonly ssh?: string;
  /** Its public host key for SSH: `ssh-ed25519 AAAA…`. Default: the one in known_hosts. */
  readonly hostKey?: string;
  /**
   * Tool that manages the packages on the node, for example `Ansible`. Lunward then only inspects the node. Default:
   * none, and Lunward installs packages.
   */
  readonly managedBy?: string;
  /**
   * How long I/O of the node waits for an iSCSI target that is gone, before it fails: seconds, or `infinity`
   * (`node.session.timeo.replacement_timeout` of open-iscsi). While it waits, processes can't be killed, and the node
   * can't shut down in good order. Default: what the node has, 120 on most systems; when it has passed, an ext4 becomes
   * read-only, and its app has I/O errors until it is restarted. To go back, write 120.
   */
  readonly replacementTimeout?: number | 'infinity';
}

/** The namespace of the apps, with settings. */
export interface NamespaceProps {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Something else creates the namespace. Default: `false`: the shared stack creates it. */
  readonly existing?: boolean;
}

/** Defaults for every app that does not set these props. */
export type Defaults = Pick<MediaAppProps, 'puid' | 'pgid' | 'umask' | 'timezone'>;

/** A media cluster, as the user describes it. */
export interface ClusterDescription {
  /** Context of the kubeconfig. Default: the current one. */
  readonly context?: string;
  /** The nodes, by their names in the cluster. */
  readonly nodes?: Readonly<Record<string, NodeProps>>;
  /** Namespace of the apps. */
  readonly namespace: string | NamespaceProps;
  /** Default: none. */
  readonly defaults?: Defaults;
  /** The apps, by the name for their objects, files and stacks. */
  readonly apps: Readonly<Record<string, MediaAppProps>>;
}

/** Name of the stack and the file with what apps share. */
export const sharedName = 'shared';
