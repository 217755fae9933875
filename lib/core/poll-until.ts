import { clock } from './clock';
import { UnreachableError } from './problems';

/**
 * Seconds to keep asking the API server or a node, by default: enough for a server that restarts or a Wi-Fi connection
 * that returns.
 */
export const PATIENCE_SECONDS = 120;

/** How long to wait, and how often to look. */
export interface Polling {
  /** Time for the wait. Times in which nothing could be seen do not count. Default: no end. */
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
 * once more after a time in which nothing could be seen.
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
  let start = clock.monotonic();
  let failingSince: number | undefined;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await look((clock.monotonic() - start) / 1000);
      const now = clock.monotonic();
      if (isOver(seen)) return seen;
      if (failingSince !== undefined) start += now - failingSince;
      failingSince = undefined;
      if (now - start > seconds * 1000) return seen;
    } catch (error) {
      if (!isMiss(error)) throw error;
      const now = clock.monotonic();
      failingSince ??= now;
      if (now - failingSince >= patience * 1000) throw error;
    }
    await clock.sleep(everySeconds * 1000, signal);
  }
}

const isUnreachable = (error: unknown) => error instanceof UnreachableError;
