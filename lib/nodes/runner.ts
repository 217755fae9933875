import type { Report } from '../scripts/report';
import type { Script } from '../scripts/script';

/** How far a long script is. */
export interface Progress {
  /** What it is at. */
  readonly step: string;
  /** Of a copy what lies on the target, whoever copied it; of hashing what was read, of both sides. */
  readonly bytes: number;
  /** What `bytes` will be at the end, where that is known. */
  readonly totalBytes?: number;
  readonly entries: number;
  /** Since this step began. */
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** A long script, which goes on when the connection ends, or whoever started it. */
export interface Unit<Facts> {
  /** Starts it, unless it runs already or its report waits. One that has ended without a report is begun anew. */
  start(): Promise<void>;
  /** Waits for its end, whoever started it, and returns its report. Nothing of it is left then. */
  reattach(options?: { readonly onProgress?: (progress: Progress) => void }): Promise<Report<Facts>>;
  /** Ends it, waits until it has ended, and removes what is left of it. */
  cancel(): Promise<void>;
}

/** Somewhere that scripts are run: a node over SSH. */
export interface Runner {
  /**
   * Runs a script to its end and returns its report.
   *
   * @throws UnreachableError when it could not be run, or ended without a report
   */
  run<Facts>(script: Script<Facts>): Promise<Report<Facts>>;

  /** @param name see `unitName` */
  unit<Facts>(name: string, script: Script<Facts>): Unit<Facts>;
}
