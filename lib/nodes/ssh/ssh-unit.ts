import { z } from 'zod';
import { pollUntil } from '../../core/poll-until';
import { UnreachableError, UserError } from '../../core/problems';
import { type Report, readReport } from '../../scripts/report';
import type { Script } from '../../scripts/script';
import { cancelUnit, type FoundUnit, readUnit, startUnit } from '../../scripts/unit/unit';
import type { Progress, Runner, Unit, WaitOptions } from '../runner';
import { ConnectionLost } from './ssh-failure';

const count = z.number().int();
const progress: z.ZodType<Progress> = z.object({
  step: z.string(),
  bytes: count,
  totalBytes: count.optional(),
  entries: count,
  seconds: count,
  bytesPerSecond: count,
});

/** How to wait for a unit over SSH. */
export interface SshWaitOptions extends WaitOptions {
  /**
   * Seconds that a request waits on the node for the end of the unit before it returns the progress instead. The end is
   * reported at once.
   * @default 4
   */
  readonly everySeconds?: number;
  /**
   * Seconds that a node may be unreachable while the unit continues.
   * @default 300
   */
  readonly patienceSeconds?: number;
}

/** A long script on a node, as a systemd unit. */
export class SshUnit<Facts> implements Unit<Facts> {
  constructor(
    private readonly executor: Pick<Runner, 'run'> & { readonly target: { readonly name: string } },
    /** See `unitName`. */
    readonly name: string,
    private readonly script: Script<Facts>,
  ) {}

  /**
   * Starts the unit. Does nothing if it is running, or if it has ended and its report is waiting. A unit that ended
   * without a report is started again.
   *
   * @throws UserError if a unit of this name does something else
   */
  async start(): Promise<void> {
    await this.done(startUnit(this.name, this.script));
  }

  /**
   * Waits until the unit ends, whichever process started it, and returns its report. Afterwards nothing of the unit is
   * left on the node.
   *
   * @throws UnreachableError if the node was out of reach for `patienceSeconds`
   * @throws UserError if the unit is gone or ended without a report
   */
  async reattach(options: SshWaitOptions = {}): Promise<Report<Facts>> {
    const { onProgress, beforeRemoval } = options;
    let told = '';
    for (;;) {
      const found = await this.read(options);
      if (found.state !== 'running') return this.collect(found, beforeRemoval);
      if (found.progress !== told) {
        told = found.progress;
        const read = readProgress(told);
        if (read) onProgress?.(read);
      }
    }
  }

  /** Stops the unit, waits until it has ended, and removes what is left of it. */
  async cancel(): Promise<void> {
    await this.done(cancelUnit(this.name));
  }

  /** Returns how the unit ended or how far it is, as soon as the node responds. */
  private async read({ signal, everySeconds = 4, patienceSeconds = 300 }: SshWaitOptions): Promise<FoundUnit> {
    try {
      const isMiss = (error: unknown) => error instanceof ConnectionLost;
      const read = () => this.done(readUnit(this.name, everySeconds));
      return await pollUntil(read, () => true, { patienceSeconds, everySeconds, isMiss, signal });
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      throw new UnreachableError(
        `${error.message}\n${this.name} continues there as long as the node is up: run the command again to wait for it.`,
        { cause: error },
      );
    }
  }

  private async collect(
    { state, report, end, errors }: FoundUnit,
    beforeRemoval?: () => Promise<void>,
  ): Promise<Report<Facts>> {
    const read = readReport(`${report}\n`, this.script.facts);
    if (!read) throw new UserError(this.lost(state, end, errors), { code: 'unit-lost' });
    // Removed only after the report was read: a process that loses the connection before this finds the unit again.
    await beforeRemoval?.();
    await this.cancel();
    return read;
  }

  private lost(state: FoundUnit['state'], end: string, errors: string): string {
    const subject = `${this.name} on node ${this.executor.target.name}`;
    const remedy = 'Run the command again: it resumes.';
    if (state === 'none') return `${subject} is not there: the node was started again, or it was cancelled. ${remedy}`;
    const lines = errors
      .split('\n')
      .filter(Boolean)
      .map((line) => `\n  ${line}`);
    const words = lines.length > 0 ? `\nIts last words:${lines.join('')}` : '';
    return `${subject} ended without a report (${end || 'killed, with all that it had started'}). ${remedy}${words}`;
  }

  private async done<Found>(script: Script<Found>): Promise<Found> {
    const report = await this.executor.run(script);
    if (report.result !== 'declined') return report.facts;
    throw new UserError(`node ${this.executor.target.name}: ${report.reason}`, { code: 'step-declined' });
  }
}

function readProgress(line: string): Progress | undefined {
  try {
    return progress.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
