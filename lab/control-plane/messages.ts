/** What owner and supervisor tell each other. */

export type Order =
  | {
      readonly kind: 'start';
      readonly folder: string;
      readonly nodes: readonly string[];
      readonly timeoutSeconds: number;
    }
  /** From here on the control plane lives without its owner. */
  | { readonly kind: 'detach' }
  | { readonly kind: 'stop' };

export type Report =
  | { readonly kind: 'ready'; readonly server: string; readonly pids: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string }
  /** A process ended that nobody told to. */
  | { readonly kind: 'ended'; readonly name: string; readonly log: string };
