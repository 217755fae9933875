import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScannedTrees } from '../scanned-trees';

const SQLITE = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(1008)]);

let trees: ScannedTrees;

beforeEach(() => {
  trees = new ScannedTrees();
});
afterEach(() => trees.remove());

const many = (count: number) => Array.from({ length: count }, (_, index) => `file ${index}\x01`);
const write = (names: readonly string[], content: string | Buffer = 'text') => {
  for (const name of names) trees.write(name, content);
};
const remove = (names: readonly string[]) => {
  for (const name of names) rmSync(trees.path(name));
};

/** A database of this many KiB. */
const database = (kib: number) => Buffer.concat([SQLITE, Buffer.alloc((kib - 1) * 1024)]);

/** What a script reports that compares both sides before it deletes anything. */
const reported = (list: string) =>
  JSON.parse(
    trees.run(
      `source_name=192.0.2.200:/volume1/config
      list_scanned() { scan_whole "$1" "$2.scan"; files_of "$2.scan" >"$2"; }
      for side in source target; do ${list} "\${!side}" "$lists/$side" 0; done
      require_not_shrunk "$lists/source" "$lists/target"; report unchanged`,
      ['shrunk'],
    ),
  );

type Row = readonly [what: string, copied: () => void, change: () => void];

const withDatabase = () => {
  write(many(30));
  write(['library.db'], SQLITE);
};

const refused: readonly Row[] = [
  ['has none of few files', () => write(['a', 'b']), () => remove(['a', 'b'])],
  [
    'has lost most of many files, and has its database',
    withDatabase,
    () => {
      write(['new']);
      remove(many(20));
    },
  ],
  ['has lost its only database', withDatabase, () => remove(['library.db'])],
  [
    'has lost most of few files, with most of their bytes, and has a new database under the name of the old one',
    () => {
      write(many(14), 'x'.repeat(10_000));
      write(['library.db'], database(100));
    },
    () => {
      remove(many(14));
      write(['library.db'], database(100));
    },
  ],
  [
    'holds the files of something else',
    withDatabase,
    () => {
      remove([...many(30), 'library.db']);
      write(['one', 'two'], SQLITE);
    },
  ],
];

/** Refused because of what their databases hold. */
const emptied: readonly Row[] = [
  [
    'has created its database anew, and has its other files',
    () => {
      write(many(3));
      write(['library.db'], database(1024));
    },
    () => write(['library.db'], database(200)),
  ],
  [
    'has created all of its databases anew, and has most of many files',
    () => {
      write(many(30));
      write(['library.db', 'logs.db'], database(400));
    },
    () => write(['library.db', 'logs.db'], database(4)),
  ],
];

const accepted: readonly Row[] = [
  ['nothing was copied yet', () => {}, () => write(['a'])],
  ['nothing has changed', withDatabase, () => {}],
  [
    'its app has stopped, which removes what is beside a database',
    () => {
      write(['library.db'], SQLITE);
      write(['library.db-wal', 'library.db-shm']);
    },
    () => remove(['library.db-wal', 'library.db-shm']),
  ],
  ['half of many files are there', () => write(many(30)), () => remove(many(15))],
  ['a new app has removed most of its few files', () => write(many(10)), () => remove(many(9))],
  [
    'an app has removed most of its few files, which were small beside its database',
    () => {
      write(many(14), 'x'.repeat(10_000));
      write(['library.db'], database(200));
    },
    () => remove(many(14)),
  ],
  [
    'its database was cleaned up, to a third',
    () => write(['library.db'], database(900)),
    () => write(['library.db'], database(300)),
  ],
  [
    'one of two databases was emptied',
    () => write(['library.db', 'logs.db'], database(1024)),
    () => write(['logs.db'], database(4)),
  ],
  [
    'the database of an app that was hardly used is smaller',
    () => write(['library.db'], database(200)),
    () => write(['library.db'], database(4)),
  ],
  [
    'its database has another name',
    withDatabase,
    () => {
      remove(['library.db']);
      write(['new.db'], SQLITE);
    },
  ],
  [
    'one of two databases is gone',
    () => {
      withDatabase();
      write(['logs.db'], SQLITE);
    },
    () => remove(['logs.db']),
  ],
];

describe.each(['list_files', 'list_scanned'])('a source that is listed by %s', (list) => {
  it.each(refused)('is refused where it %s', (_, copied, change) => {
    copied();
    trees.copy();
    change();
    expect(reported(list)).toMatchObject({
      result: 'declined',
      code: 'source-shrunk',
      reason: expect.stringMatching(/\b\d+ of \d+ files\b.*192\.0\.2\.200:\/volume1\/config/),
    });
  });

  it.each(emptied)('is refused where it %s', (_, copied, change) => {
    copied();
    trees.copy();
    change();
    expect(reported(list)).toMatchObject({
      result: 'declined',
      code: 'source-shrunk',
      reason: expect.stringMatching(/databases of 192\.0\.2\.200:\/volume1\/config have \d+ bytes, and had \d+/),
    });
  });

  it.each(accepted)('is copied where %s', (_, copied, change) => {
    copied();
    trees.copy();
    change();
    expect(reported(list)).toMatchObject({ result: 'unchanged' });
  });
});
