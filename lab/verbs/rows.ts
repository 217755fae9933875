import type { Acknowledgement } from '../acknowledged';

/**
 * What apps have committed, one line for each database: a database that was made again is another one, with rows from
 * 1.
 */
export function describeRows(rows: readonly Acknowledgement[], app?: string): string {
  const databases = new Map<string, Acknowledgement[]>();
  for (const row of rows.filter((one) => app === undefined || one.app === app)) {
    const key = `${row.app}\0${row.database}\0${row.instance}`;
    const known = databases.get(key);
    if (known) known.push(row);
    else databases.set(key, [row]);
  }
  if (databases.size === 0) return app === undefined ? 'No app has committed a row.' : `${app} has committed no row.`;
  const lines = [...databases.values()].map((own) => {
    const last = own.reduce((latest, one) => (one.milliseconds > latest.milliseconds ? one : latest));
    const highest = own.reduce((most, one) => Math.max(most, one.row), 0);
    const when = new Date(last.milliseconds).toISOString().slice(0, 19);
    return [last.app, last.database, last.instance, String(own.length), String(highest), when];
  });
  return table([['APP', 'DATABASE', 'INSTANCE', 'ROWS', 'HIGHEST', 'LAST'], ...lines]);
}

function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
