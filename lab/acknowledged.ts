import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file, in a lab's folder, with the rows that its apps have acknowledged. */
export const ACKNOWLEDGED = 'acknowledged.log';

/** One row that an app acknowledged after its database had committed it. */
export interface Acknowledgement {
  /** Since 1970, by the host's clock. */
  readonly milliseconds: number;
  readonly app: string;
  /** Path of the database in the app's container. */
  readonly database: string;
  /** The database's identity: a database that was made again has another. */
  readonly instance: string;
  readonly row: number;
}

/** Everything that apps of a lab have acknowledged, in order of arrival. */
export function readAcknowledgements(folder: string): Acknowledgement[] {
  return readFileSync(join(folder, ACKNOWLEDGED), 'utf8')
    .split('\n')
    .slice(0, -1) // What follows the last line end is a line that is still incomplete, if anything.
    .flatMap((line) => {
      // A path may contain spaces.
      const [, milliseconds, app = '', database = '', instance = '', row] =
        /^(\d+) (\S+) (.*) (\S+) (\d+)$/.exec(line) ?? [];
      return row ? [{ milliseconds: Number(milliseconds), app, database, instance, row: Number(row) }] : [];
    });
}
