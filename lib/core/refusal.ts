/** A reason why a command does not start, and what to do about it. */
export interface Refusal {
  readonly subject: string;
  readonly reason: string;
  readonly remedy?: string;
}
