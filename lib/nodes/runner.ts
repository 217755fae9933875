import type { Report } from '../scripts/report';
import type { Script } from '../scripts/script';

/** Progress of a long script. */
export interface Progress {
  /** Name of the current step. */
  readonly step: string;
  /** For a copy: bytes that are on the target, whichever run copied them. For hashing: bytes read, on both sides. */
  readonly bytes: number;
  /** Value of `bytes` at the end, if known. */
  readonly totalBytes?: number;
  readonly entries: number;
  /** Seconds since this step started. */
  readonly seconds: number;
  /** Average in this step. */
  readonly bytesPerSecond: number;
}

/** How to wait for a unit. */
export interface WaitOptions {
  /** Called when the progress has changed. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the wait with its reason; the script continues. */
  readonly signal?: AbortSignal;
  /** Runs before the unit, which has ended, is removed. If it throws, the unit stays as it is. */
  readonly beforeRemoval?: () => Promise<void>;
}

/** A long script that continues when the connection or the process that started it ends. */
export interface Unit<Facts> {
  /**
   * Starts the script, unless it is running or its report is waiting. A script that ended without a report is started
   * again.
   */
  start(): Promise<void>;
  /**
   * Waits until the script ends, whichever process started it, and returns its report. Afterwards nothing of the unit
   * is left.
   */
  reattach(options?: WaitOptions): Promise<Report<Facts>>;
  /** Stops the script, waits until it has ended, and removes what is left of the unit. */
  cancel(): Promise<void>;
}

/** A place where scripts run: a node over SSH. */
export interface Runner {
  /**
   * Runs a script to its end and returns its report.
   *
   * @throws UnreachableError if the script could not be run; an UnanswerableError if it ran and ended without a report
   */
  run<Facts>(script: Script<Facts>): Promise<Report<Facts>>;

  /**
   * Returns a long script as a unit. Does not start it.
   *
   * @param name see `unitName`
   */
  unit<Facts>(name: string, script: Script<Facts>): Unit<Facts>;
}

/** A node as a description names it, and the way to it. */
export interface ReachedNode {
  readonly name: string;
  readonly runner: Runner;
}
