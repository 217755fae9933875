import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(__dirname, '../../lib/shell/scripts');
const library = ['lib/undo.sh', 'lib/report.sh', 'lib/tree.sh', 'lib/databases.sh'].map((name) =>
  readFileSync(join(scripts, name), 'utf8'),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-databases-'));
  mkdirSync(join(folder, 'tree'));
  mkdirSync(join(folder, 'lists'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Buffer = '') => writeFileSync(join(folder, 'tree', name), content);

const page = (journal: number) =>
  Buffer.concat([Buffer.from('SQLite format 3\0\x10\0'), Buffer.from([journal, journal]), Buffer.alloc(4076)]);

/** Runs a body on the tree, which is listed. */
function run(body: string): string {
  const text = [
    'set -euo pipefail; export LC_ALL=C',
    'checks=no',
    ...library,
    `tree=${folder}/tree lists=${folder}/lists`,
    'scan_tree "$tree" "$lists" 60',
    body,
  ].join('\n');
  // A bash that takes its input for a connection would read ~/.bashrc first.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trimEnd();
}

describe('databases of a tree', () => {
  it('are found by what they begin with', () => {
    write('library.db', page(1));
    write('no ending', page(2));
    write('no ending-wal', 'x');
    write('no ending-shm', 'x');
    // Cut off, but called one.
    write('cut.sqlite3', page(1).subarray(0, 1000));
    write('other.db', 'x'.repeat(4096));
    write('empty.db');
    write('zeros.db');
    truncateSync(join(folder, 'tree', 'zeros.db'), 1024 ** 3);
    const found = JSON.parse(run('databases_of "$tree" "$lists"')) as { path: string }[];
    const check = { outcome: 'unchecked', text: 'nobody asked for it' };
    expect(found.sort((one, other) => one.path.localeCompare(other.path))).toEqual([
      { path: 'cut.sqlite3', bytes: 1000, wal: false, beside: [], check },
      { path: 'library.db', bytes: 4096, wal: false, beside: [], check },
      { path: 'no ending', bytes: 4096, wal: true, beside: ['wal', 'shm'], check },
    ]);
  });

  const header = (salt: string) => `${'h'.repeat(16)}${salt}${'c'.repeat(8)}`;
  it.each<[string, 'same' | 'other', string, () => void]>([
    ['it is written to', 'other', '', () => write('a b', page(2))],
    ['a checkpoint writes to it, and its log goes on', 'same', header('saltsalt'), () => write('a b', page(2))],
    ['its log goes on', 'same', header('saltsalt'), () => write('a b-wal', `${header('saltsalt')}more`)],
    ['its log is begun anew', 'other', header('saltsalt'), () => write('a b-wal', header('pepperpe'))],
    ['its log is removed', 'other', header('saltsalt'), () => rmSync(join(folder, 'tree', 'a b-wal'))],
    ['a log begins', 'other', '', () => write('a b-wal', header('saltsalt'))],
    ['a journal begins', 'other', '', () => write('a b-journal', 'x')],
    ['nothing happens', 'same', '', () => {}],
  ])('are a copy no more where %s: %s', (_, answer, log, change) => {
    write('a b', page(1));
    if (log) write('a b-wal', log);
    const before = run('witness "$tree/a b"');
    change();
    expect(run('witness "$tree/a b"') === before ? 'same' : 'other').toBe(answer);
  });

  it('are copied with what belongs to them', () => {
    for (const name of ['a', 'a-wal', 'a-shm', 'a-journal']) write(name, name);
    run('mkdir "$lists/to"; copy_set "$tree/a" "$lists/to/database"');
    expect(run('ls "$lists/to"').split('\n')).toEqual(['database', 'database-journal', 'database-wal']);
  });

  it('are not copied where the node has too little room', () => {
    write('large');
    truncateSync(join(folder, 'tree', 'large'), 8 * 1024 ** 4);
    expect(run('scratch_for "$tree/large" || true')).toMatch(
      /^a copy of it takes \d+ MiB, and \/var\/tmp of the node has/,
    );
    write('small', page(1));
    expect(Number(run('scratch_for "$tree/small"'))).toBeGreaterThanOrEqual(64 * 1024 ** 2);
  });
});
