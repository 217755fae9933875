import { Interrupted } from '../../migration/cutover/interrupted';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Called before the process ends at once. Default: nothing is, and a signal outside of `abortable` ends the process by itself. */
let lastWords: ((error: Interrupted) => void) | undefined;

/**
 * Has each signal that ends a command at once end it with 130, after `print`.
 *
 * @returns takes that back, once the command has printed something else as its last
 */
export function beforeEnding(print: (error: Interrupted) => void): () => void {
  lastWords = print;
  for (const signal of SIGNALS) process.on(signal, endUnasked);
  return () => {
    lastWords = undefined;
    for (const signal of SIGNALS) process.off(signal, endUnasked);
  };
}

function endUnasked(): void {
  endAtOnce('It was interrupted');
}

function endAtOnce(message: string): void {
  console.error(message);
  lastWords?.(new Interrupted(message));
  process.exit(130);
}

/**
 * Does work that Ctrl-C, SIGTERM or a closed terminal stops at its next safe point: an app that is down must run again before the
 * command ends. The same signal again ends the command at once.
 */
export async function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const received = new Set<NodeJS.Signals>();
  const listener = (signal: NodeJS.Signals) => {
    // A closed terminal sends two SIGHUP, one by the kernel and one by the shell: that is no second wish. Nor is the SIGTERM that
    // follows from whatever ends the session.
    if (received.has(signal) && signal !== 'SIGHUP') {
      endAtOnce(
        'Stopped at once: an app that this run has stopped may be DOWN. "lunward status" shows it; the same command resumes.',
      );
    }
    received.add(signal);
    if (controller.signal.aborted) return;
    controller.abort(new Interrupted('it was interrupted'));
    console.error(
      'Stops at the next safe point. An app that this run has stopped starts again on its old volume. Press Ctrl-C again to stop at once.',
    );
  };
  for (const signal of SIGNALS) process.off(signal, endUnasked).on(signal, listener);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, listener);
    if (lastWords) for (const signal of SIGNALS) process.on(signal, endUnasked);
  }
}
