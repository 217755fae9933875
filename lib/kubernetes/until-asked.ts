import { pollUntil } from '../core/poll-until';

/** How long to keep asking. */
export interface Patience {
  /** Seconds after the first failure. @default 120 */
  readonly patienceSeconds?: number;
  /** Called before each try; throws if the work must end at once. Default: it never must. */
  readonly mayGoOn?: () => void;
}

/**
 * Asks, and repeats the question while the API server or the node cannot be asked; see `pollUntil`.
 *
 * @throws UnreachableError with the latest reason, after that time. Any other error of `ask` is thrown at once
 */
export function untilAsked<Answer>(
  ask: () => Promise<Answer>,
  { patienceSeconds, mayGoOn = () => {} }: Patience = {},
): Promise<Answer> {
  const asked = () => {
    mayGoOn();
    return ask();
  };
  return pollUntil(asked, () => true, { patienceSeconds });
}
