/** Something that a person should know of nodes, storage or apps. */
export interface Finding {
  /** What it is about, as the sentence begins: `node-a`, `PersistentVolume jellyfin-config`. */
  readonly subject: string;
  /** The node, where it is about one. */
  readonly node?: string;
  /** `error`: volumes can't be used, or data is in danger; `warning`: it will hurt one day. */
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly remedy: string;
}
