import type { ClusterClient } from '../kubernetes/cluster-client';
import { KubectlOwner } from './kubectl';
import type { Owner } from './owner';

/** What an owner is made of. */
export interface OwnerProps {
  readonly client: ClusterClient;
  /** Path of the description, which is read again each time, with its lock file. */
  readonly file: string;
  /** Key of the app in the description. */
  readonly app: string;
  /**
   * Waits for the proof that the app may still be changed; called before each run of a program that changes it. The
   * client waits for it by itself. Default: it always may.
   */
  readonly assertHeld?: () => Promise<void>;
}

/** Makes owners, by what applies an app. Pulumi's is in `lunward/pulumi`, so that nothing else loads Pulumi. */
export interface OwnerFactories {
  readonly kubectl: (props: OwnerProps) => Owner;
  /** Default: apps of Pulumi are refused. */
  readonly pulumi?: (props: OwnerProps) => Promise<Owner> | Owner;
}

export const kubectlOwners: OwnerFactories = {
  kubectl: ({ client, file, app }) => new KubectlOwner(client, file, app),
};
