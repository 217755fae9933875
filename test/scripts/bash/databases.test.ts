import { rmSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ListedTree } from '../listed-tree';

let tree: ListedTree;
beforeEach(() => {
  tree = new ListedTree('databases');
});
afterEach(() => tree.remove());

const page = (journal: number) =>
  Buffer.concat([Buffer.from('SQLite format 3\0\x10\0'), Buffer.from([journal, journal]), Buffer.alloc(4076)]);

describe('databases of a tree', () => {
  it('are found by their first bytes', () => {
    tree.write('library.db', page(1));
    tree.write('no ending', page(2));
    tree.write('no ending-wal', 'x');
    tree.write('no ending-shm', 'x');
    // Cut off, but called one.
    tree.write('cut.sqlite3', page(1).subarray(0, 1000));
    tree.write('other.db', 'x'.repeat(4096));
    tree.write('empty.db');
    tree.write('zeros.db');
    truncateSync(tree.path('zeros.db'), 1024 ** 3);
    const found = JSON.parse(tree.run('databases_of "$tree" "$lists"')) as { path: string }[];
    const check = { outcome: 'unchecked', text: 'nobody asked for it' };
    expect(found.sort((one, other) => one.path.localeCompare(other.path))).toEqual([
      { path: 'cut.sqlite3', bytes: 1000, wal: false, beside: [], check },
      { path: 'library.db', bytes: 4096, wal: false, beside: [], check },
      { path: 'no ending', bytes: 4096, wal: true, beside: ['wal', 'shm'], check },
    ]);
  });

  const header = (salt: string) => `${'h'.repeat(16)}${salt}${'c'.repeat(8)}`;
  it.each<[string, 'same' | 'other', string, () => void]>([
    ['it is written to', 'other', '', () => tree.write('a b', page(2))],
    ['a checkpoint writes to it, and its log goes on', 'same', header('saltsalt'), () => tree.write('a b', page(2))],
    ['its log goes on', 'same', header('saltsalt'), () => tree.write('a b-wal', `${header('saltsalt')}more`)],
    ['its log is begun anew', 'other', header('saltsalt'), () => tree.write('a b-wal', header('pepperpe'))],
    ['its log is removed', 'other', header('saltsalt'), () => rmSync(tree.path('a b-wal'))],
    ['a log begins', 'other', '', () => tree.write('a b-wal', header('saltsalt'))],
    ['a journal begins', 'other', '', () => tree.write('a b-journal', 'x')],
    ['nothing happens', 'same', '', () => {}],
  ])('are a copy no more where %s: %s', (_, answer, log, change) => {
    tree.write('a b', page(1));
    if (log) tree.write('a b-wal', log);
    const before = tree.run('witness "$tree/a b"');
    change();
    expect(tree.run('witness "$tree/a b"') === before ? 'same' : 'other').toBe(answer);
  });

  it('are copied with their logs', () => {
    for (const name of ['a', 'a-wal', 'a-shm', 'a-journal']) tree.write(name, name);
    tree.run('mkdir "$lists/to"; copy_set "$tree/a" "$lists/to/database"');
    expect(tree.run('ls "$lists/to"').split('\n')).toEqual(['database', 'database-journal', 'database-wal']);
  });

  it('are not copied if the node has too little space', () => {
    tree.write('large');
    truncateSync(tree.path('large'), 8 * 1024 ** 4);
    expect(tree.run('scratch_for "$tree/large" || true')).toMatch(
      /^a copy of it takes \d+ MiB, and \/var\/tmp of the node has/,
    );
    tree.write('small', page(1));
    expect(Number(tree.run('scratch_for "$tree/small"'))).toBeGreaterThanOrEqual(64 * 1024 ** 2);
  });
});
