import type { Finding } from '../core/advice';
import { readableBytes } from '../core/quantity';
import type { ProbedSource } from '../scripts/copy/probe-source';
import type { NfsSource } from '../scripts/copy/source';

/** An NFS folder that an app keeps its state in, and what was found there. */
export interface SeenSource {
  readonly app: string;
  readonly source: NfsSource;
  /** What the folder holds, or why that is not known. */
  readonly found: ProbedSource | string;
}

/** Finds problems of state on a network file system. */
export function sourceFindings({ app, source, found }: SeenSource): Finding[] {
  const subject = `${source.server}:${source.path}`;
  if (typeof found === 'string') {
    return [
      {
        subject,
        severity: 'error',
        code: 'source-unreadable',
        found: `could not be inspected: ${found}`,
        remedy: `see that the NAS is up and exports it to the nodes; ${app} keeps its state there`,
      },
    ];
  }
  return [...databases(app, found), ...room(found), ...unreadable(app, found)].map((told) => ({ subject, ...told }));
}

type Told = Omit<Finding, 'subject'>;

function databases(app: string, { databases: all }: ProbedSource): Told[] {
  const remedy = `move them to a block device: "lunward plan ${app}" says what that takes`;
  const told = (wal: boolean, kind: Pick<Told, 'code' | 'severity'>, text: string): Told[] => {
    const paths = all.filter((one) => one.wal === wal).map(({ path }) => path);
    return paths.length > 0 ? [{ ...kind, found: `${text}: ${list(paths)}`, remedy }] : [];
  };
  return [
    ...told(
      true,
      { code: 'write-ahead-log-on-share', severity: 'error' },
      `holds SQLite databases of ${app} with a write-ahead log, which does not work over a network`,
    ),
    ...told(
      false,
      { code: 'database-on-share', severity: 'warning' },
      `holds SQLite databases of ${app}, whose locks can't be relied on over a network`,
    ),
  ];
}

function room({ bytes, room: { bytes: size, freeBytes } }: ProbedSource): Told[] {
  if (size === 0 || (freeBytes >= size * LEAST_FREE && freeBytes >= bytes * 2)) return [];
  const percent = Math.floor((freeBytes / size) * 100);
  return [
    {
      severity: 'warning',
      code: 'source-without-room',
      found: `has ${readableBytes(freeBytes)} left, ${percent} % of its file system, and holds ${readableBytes(bytes)}`,
      remedy: 'make room on the NAS: a database whose disk is full stops its app',
    },
  ];
}

const LEAST_FREE = 0.1;

function unreadable(app: string, { unreadable: { count, names } }: ProbedSource): Told[] {
  if (count === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'source-entries-unreadable',
      found: `holds ${count} that root of a node may not read, ${names[0]} for instance`,
      remedy: `before ${app} is moved, give the nodes root access to the export (no_root_squash, or "no mapping" on a NAS)`,
    },
  ];
}

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
