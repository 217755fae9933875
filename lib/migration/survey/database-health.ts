import type { Advice } from '../../core/advice';
import { FOREIGN_COMPLAINT } from '../../scripts/copy/ignorable-sqlite-errors';
import type { ProbedSource } from '../../scripts/copy/probe-source';

type Database = ProbedSource['databases'][number];

const foreign = new RegExp(FOREIGN_COMPLAINT, 'i');

type Health = 'whole' | 'damaged' | 'unknown';

/** What is known of a database from the check of a copy of it. */
export function healthOf({ check: { outcome, text } }: Pick<Database, 'check'>): Health {
  if (outcome === 'whole') return 'whole';
  return outcome === 'complaint' && !foreign.test(text) ? 'damaged' : 'unknown';
}

/** A database that is already damaged must not be moved: afterwards no one could tell what damaged it. */
export function damagedDatabases(subject: string, { databases }: Pick<ProbedSource, 'databases'>): Advice[] {
  return databases
    .filter((database) => healthOf(database) === 'damaged')
    .map(({ path, check }) => ({
      code: 'database-damaged',
      subject,
      found: `holds database ${path}, which is damaged: SQLite says "${check.text}" of a copy of it`,
      remedy:
        "restore it from a backup of the app's own, or stop the app and repair it (sqlite3's .recover writes what can be " +
        'read into a new one); look for the cause as well, for SQLite breaks on network file systems',
    }));
}

/** Lines for a person: what is known to be whole, and what is not known. */
export function healthLines({ databases }: Pick<ProbedSource, 'databases'>): string[] {
  const whole = databases.filter((database) => healthOf(database) === 'whole').length;
  const unknown = databases.filter((database) => healthOf(database) === 'unknown');
  return [
    ...(whole > 0 ? [`    ${whole} of them checked, on copies: whole`] : []),
    ...unknown.map(({ path, check }) => `    ${path} could not be checked: ${check.text}`),
  ];
}
