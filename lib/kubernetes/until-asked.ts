import { pollUntil } from '../core/poll-until';

/** How long to keep asking. */
export interface Patience {
  /** Seconds after the first failure. @default 120 */
  readonly patienceSeconds?: number;
  /** Ends the asking at once. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/**
 * Asks, and repeats the question while the API server or the node cannot be asked; see `pollUntil`.
 *
 * @throws UnreachableError with the latest reason, after that time. Any other error of `ask` is thrown at once
 */
export function untilAsked<Answer>(
  ask: () => Promise<Answer>,
  { patienceSeconds, signal }: Patience = {},
): Promise<Answer> {
  return pollUntil(ask, () => true, { patienceSeconds, signal });
}
