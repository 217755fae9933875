/** A reason why a command does not start, and what to do about it. */
export interface Refusal {
  /** What the refusal is about; the message starts with it. */
  readonly subject: string;
  readonly reason: string;
  readonly remedy?: string;
}
