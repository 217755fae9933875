import { clock } from './clock';
import { UnanswerableError, UnreachableError } from './problems';

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

/** How long to wait, and how often to look. */
export interface Polling {
  /**
   * Time for the wait. Times in which nothing could be seen do not count, until they are longer together than the wait or its patience:
   * a server that fails every other request holds up no wait without end. Default: no end.
   */
  readonly seconds?: number;
  /**
   * Time after which the error is thrown if nothing can be seen: counted from the first look that failed.
   * @default `seconds`, or {@link PATIENCE_SECONDS} if the wait has no end
   */
  readonly patienceSeconds?: number;
  /** Which errors of the look say that nothing could be seen. Default: those of type UnreachableError. */
  readonly isMiss?: (error: unknown) => boolean;
  /** Seconds between two looks. @default 1 */
  readonly everySeconds?: number;
  /** Ends the wait at once; nothing is looked at after that. */
  readonly signal?: AbortSignal;
}

/**
 * Looks, again and again, until what was seen is what is waited for or the time is over. It looks at least once, and
 * once more after a time in which nothing could be seen. An UnanswerableError ends that time sooner.
 *
 * @param look gets the seconds that count so far
 * @returns what was seen last: the caller checks whether that is what it waited for, and has it for its message if not
 * @throws the latest error if nothing could be seen for too long; the reason of the signal; any other error of `look` at once
 */
export async function pollUntil<Seen>(
  look: (seconds: number) => Seen | Promise<Seen>,
  isOver: (seen: Seen) => boolean,
  {
    seconds = Number.POSITIVE_INFINITY,
    patienceSeconds,
    isMiss = isUnreachable,
    everySeconds = 1,
    signal,
  }: Polling = {},
): Promise<Seen> {
  const patience = patienceSeconds ?? (seconds === Number.POSITIVE_INFINITY ? PATIENCE_SECONDS : seconds);
  let forgiven = Math.max(patience, Number.isFinite(seconds) ? seconds : 0) * 1000;
  let start = clock.monotonic();
  let outage: Outage | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const begun = clock.monotonic();
    const uncounted = outage ? Math.min(begun - outage.begun, forgiven) : 0;
    try {
      const seen = await look((begun - start - uncounted) / 1000);
      if (isOver(seen)) return seen;
      start += uncounted;
      forgiven -= uncounted;
      outage = undefined;
      if (clock.monotonic() - start > seconds * 1000) return seen;
    } catch (error) {
      if (!isMiss(error)) throw error;
      const now = clock.monotonic();
      outage = {
        begun: outage?.begun ?? begun,
        failed: outage?.failed ?? now,
        ...(error instanceof UnanswerableError && { sameSince: outage?.sameSince ?? now }),
      };
      if (now - outage.failed >= patience * 1000) throw error;
      if (outage.sameSince !== undefined && now - outage.sameSince > SAME_ANSWER_SECONDS * 1000) throw error;
    }
    await clock.sleep(everySeconds * 1000, signal);
  }
}

/** A time in which nothing could be seen. */
interface Outage {
  /** When the first look began that failed, which may have taken long itself. */
  readonly begun: number;
  readonly failed: number;
  /** Since when each answer is an UnanswerableError. */
  readonly sameSince?: number;
}

const isUnreachable = (error: unknown) => error instanceof UnreachableError;
