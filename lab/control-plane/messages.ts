/** What owner and supervisor tell each other. */
import type { KubeletAddress } from './egress';

/** What a control plane is made of. */
export interface Plan {
  readonly folder: string;
  /** Names of emulated nodes. */
  readonly nodes: readonly string[];
  /** Names of nodes that are machines. */
  readonly kubelets: readonly string[];
  readonly timeoutSeconds: number;
  /** A folder that export() made of another control plane, to go on from. */
  readonly from?: string;
}

/** What is answered when it is done, or when it failed. */
export type Task =
  | { readonly kind: 'save'; readonly folder: string }
  | { readonly kind: 'load'; readonly folder: string }
  | { readonly kind: 'export'; readonly folder: string }
  | { readonly kind: 'set-kubelet'; readonly node: string; readonly kubelet: KubeletAddress };

export type Order =
  | ({ readonly kind: 'start' } & Plan)
  /** From here on the control plane lives without its owner. */
  | { readonly kind: 'detach' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'task'; readonly number: number; readonly task: Task };

/** `pids` are the processes that run then. */
export type Report =
  | { readonly kind: 'ready'; readonly server: string; readonly pids: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string }
  /** A process ended that nobody told to. */
  | { readonly kind: 'ended'; readonly name: string; readonly log: string; readonly pids: readonly number[] }
  /** The end of a task; `failure` says why it is not done. */
  | {
      readonly kind: 'answer';
      readonly number: number;
      readonly failure?: string;
      readonly pids: readonly number[];
    };
