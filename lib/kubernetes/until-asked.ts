import { setTimeout as sleep } from 'node:timers/promises';
import { UnreachableError } from '../core/problems';

/** How long the API server or a node is asked again by default: a server that restarts, a Wi-Fi that comes back. */
export const PATIENCE_SECONDS = 120;

export interface Patience {
  /** In milliseconds of the epoch. Default: {@link PATIENCE_SECONDS} from now. */
  readonly deadline?: number;
  /** Throws where the work is to end at once. Default: it is not. */
  readonly mayGoOn?: () => void;
  /** Is told how long nothing could be asked, in milliseconds, once there is an answer. */
  readonly missed?: (milliseconds: number) => void;
}

/**
 * Asks, and asks again while the API server or a node can't be asked, until a deadline.
 *
 * @throws UnreachableError with the latest reason, after the deadline; any other error of `ask` at once
 */
export async function untilAsked<Answer>(ask: () => Promise<Answer>, patience: Patience = {}): Promise<Answer> {
  const { mayGoOn = () => {}, missed = () => {} } = patience;
  let since: number | undefined;
  let deadline = patience.deadline;
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
      if (now > deadline) throw error;
    }
    await sleep(1000);
  }
}
