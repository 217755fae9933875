import { clock } from '../core/clock';
import { UnanswerableError, UnreachableError } from '../core/problems';

/**
 * Seconds to keep asking the API server or a node, by default: enough for a server that restarts or a Wi-Fi connection
 * that returns.
 */
export const PATIENCE_SECONDS = 120;

/**
 * Seconds to ask again what gets the same answer each time. An API server that has just started refuses what it permits a moment
 * later, before it has read its roles.
 */
const SAME_ANSWER_SECONDS = 20;

/** How long to keep asking. */
export interface Patience {
  /** In milliseconds since the epoch. Default: {@link PATIENCE_SECONDS} after the first failure. */
  readonly deadline?: number;
  /** Called before each try; throws if the work must end at once. Default: it never must. */
  readonly mayGoOn?: () => void;
  /** Called with the answer, if tries had failed before: for how many milliseconds nothing could be asked. */
  readonly missed?: (milliseconds: number) => void;
}

/**
 * Asks, and repeats the question while the API server or the node cannot be asked, until a deadline. An `UnanswerableError` ends it
 * sooner.
 *
 * @throws UnreachableError with the latest reason, after the deadline. Any other error of `ask` is thrown at once
 */
export async function untilAsked<Answer>(ask: () => Promise<Answer>, patience: Patience = {}): Promise<Answer> {
  const { mayGoOn = () => {}, missed = () => {} } = patience;
  let since: number | undefined;
  let deadline = patience.deadline;
  let sameSince: number | undefined;
  for (;;) {
    mayGoOn();
    try {
      const answer = await ask();
      if (since !== undefined) missed(Date.now() - since);
      return answer;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const now = Date.now();
      since ??= now;
      deadline ??= now + PATIENCE_SECONDS * 1000;
      sameSince = error instanceof UnanswerableError ? (sameSince ?? now) : undefined;
      const isSame = sameSince !== undefined && now - sameSince > SAME_ANSWER_SECONDS * 1000;
      if (now > deadline || isSame) throw error;
    }
    await clock.sleep(1000);
  }
}
