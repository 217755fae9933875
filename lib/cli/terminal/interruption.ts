import { Interrupted } from '../../migration/cutover/interrupted';

/** A person who presses Ctrl-C once wants an app that is down to run again, and not a command that is gone. */
export class Interruption {
  private isAsked = false;
  private readonly listener = (signal: NodeJS.Signals) => {
    // Of a terminal that is closed two come, one of the kernel and one of the shell: that is no second wish.
    if (this.isAsked && signal === 'SIGHUP') return;
    if (this.isAsked) process.exit(130);
    this.isAsked = true;
    console.error(
      'Stops at the next safe point. An app that this run has stopped starts again on its old volume. Press Ctrl-C again to stop at once.',
    );
  };

  /** Looks out for it while work is done. */
  static async during<T>(work: (interruption: Interruption) => Promise<T>): Promise<T> {
    const interruption = new Interruption();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, interruption.listener);
    try {
      return await work(interruption);
    } finally {
      for (const signal of signals) process.off(signal, interruption.listener);
    }
  }

  /** Ends what is under way; what follows from that goes on. @throws Interrupted once, when it was asked for */
  throwOnce(): void {
    if (!this.isAsked) return;
    this.isAsked = false;
    throw new Interrupted('it was interrupted');
  }
}
