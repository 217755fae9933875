/** A fact about nodes, storage or apps that the operator should know. */
export interface Finding {
  /** What the finding is about; the sentence starts with it: `node-a`, `PersistentVolume jellyfin-config`. */
  readonly subject: string;
  /** Name of the node, if the finding is about one. */
  readonly node?: string;
  /** `error`: volumes cannot be used, or data is in danger. `warning`: it will cause trouble later. */
  readonly severity: 'error' | 'warning';
  /** What was found, without the subject. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
}
