import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a lab keeps what its apps told, in its folder. */
export const ACKNOWLEDGED = 'acknowledged.log';

/** One row that an app told of after its database had committed it. */
export interface Acknowledgement {
  /** Since 1970, by the host's clock. */
  readonly milliseconds: number;
  readonly app: string;
  /** Path of the database in the app's container. */
  readonly database: string;
  /** The database's own name for itself: one that was made anew has another. */
  readonly instance: string;
  readonly row: number;
}

/** Everything that apps of a lab acknowledged, in the order in which it came. */
export function readAcknowledgements(folder: string): Acknowledgement[] {
  return readFileSync(join(folder, ACKNOWLEDGED), 'utf8')
    .split('\n')
    .flatMap((line) => {
      // A path may hold spaces, and the last line may still be on its way.
      const [, milliseconds, app = '', database = '', instance = '', row] =
        /^(\d+) (\S+) (.*) (\S+) (\d+)$/.exec(line) ?? [];
      return row ? [{ milliseconds: Number(milliseconds), app, database, instance, row: Number(row) }] : [];
    });
}
