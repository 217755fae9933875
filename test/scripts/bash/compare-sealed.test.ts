import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../hashed-trees';
import { runLibraries } from '../run-libraries';

const LIBRARIES = ['undo', 'report', 'tree', 'children', 'hashes', 'compare-sealed'];
const NAMES = ['b', 'a', 'c\nd', '%01', ' two  words ', 'folder/file'];
const KINDS = ['same', 'damaged', 'unreadable', 'changed', 'added', 'removed'] as const;

let folder: string;
const path = (name: string) => join(folder, 'root', name);
const write = (name: string, content: string) => writeFileSync(path(name), content);
const run = (body: string) =>
  runLibraries(LIBRARIES, [`root=${folder}/root lists=${folder}/lists`, body], { encoding: 'latin1' });

/** Writes other bytes and puts the time back, as a disk that fails leaves a file. */
function flip(name: string): void {
  const { atime, mtime } = statSync(path(name));
  write(name, name.replace(/./s, '#'));
  utimesSync(path(name), atime, mtime);
}

/** Holds the tree against its list. @param meanwhile what happens between being listed and being read */
function compare({ reads = true, meanwhile = 'true' } = {}) {
  const reading = `hash_files "$root" "$lists/kept.files" 2; compare_bytes`;
  const told = KINDS.map(
    (kind) => `echo "${kind} $(told_of "$lists/${kind}") $(bytes_of_names "$lists/${kind}")"`,
  ).join('\n');
  const said = run(`sealed_list <"$lists/manifest" >"$lists/sealed"
    list_files "$root" "$lists/now" 0
    compare_lists
    ${meanwhile}
    ${reads ? reading : 'true'}
    ${told}
    echo "all {\\"count\\":$(number_of_names "$lists/sealed"),\\"names\\":[]} $(sealed_bytes)"
    echo "gone {\\"count\\":0,\\"names\\":[]} $(removed_bytes)"`);
  return Object.fromEntries(
    said
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [kind = '', found = '', bytes] = /^(\S+) (.*) (\d+)$/.exec(line)?.slice(1) ?? [];
        return [kind, { ...(JSON.parse(found) as { count: number; names: string[] }), bytes: Number(bytes) }];
      }),
  );
}

const ALL = NAMES.map((name) => name.length).reduce((sum, length) => sum + length, 0);
const none = { count: 0, names: [], bytes: 0 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-sealed-'));
  for (const name of ['root/folder', 'root/.lunward', 'lists']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of NAMES) write(name, name);
  for (const name of NAMES) utimesSync(path(name), 1000, 1000.5);
  write('.lunward/marker', 'x');
  const record = (name: string) =>
    `${sha256(name)} ${name.length} ${run(`find ${JSON.stringify(path('a'))} -printf %T@`)} ${name}`;
  writeFileSync(
    join(folder, 'lists/manifest'),
    [`version=1 bytes=${ALL} facts=a`, ...NAMES.map(record), ''].join('\0'),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sealed tree', () => {
  it('is unchanged if nothing was written', () => {
    expect(compare()).toEqual({
      same: { count: 6, names: [...NAMES].sort(), bytes: ALL },
      damaged: none,
      unreadable: none,
      changed: none,
      added: none,
      removed: none,
      all: { count: 6, names: [], bytes: ALL },
      gone: none,
    });
  });

  it('has its written, added and removed files listed', () => {
    write('a', 'longer');
    utimesSync(path('b'), 1000, 2000);
    mkdirSync(path('new'));
    write('new/file', 'xyz');
    linkSync(path('new/file'), path('new/name'));
    rmSync(path('%01'));
    renameSync(path('c\nd'), path('moved'));
    const found = compare({ reads: false });
    expect(found).toMatchObject({
      same: { count: 2, names: [' two  words ', 'folder/file'] },
      changed: { count: 2, names: ['a', 'b'], bytes: 7 },
      added: { count: 3, names: ['moved', 'new/file', 'new/name'], bytes: 6 },
      removed: { count: 2, names: ['%01', 'c\nd'] },
      gone: { bytes: 6 },
      damaged: none,
    });
    expect(compare()).toEqual(found);
  });

  it('shows changed bytes only when they are read', () => {
    flip(' two  words ');
    expect(compare({ reads: false })).toMatchObject({ same: { count: 6 }, damaged: none });
    expect(compare()).toMatchObject({
      same: { count: 5 },
      damaged: { count: 1, names: [' two  words '], bytes: 12 },
      unreadable: none,
      changed: none,
    });
  });

  it('does not count as damage what was written or removed during the reading', () => {
    const meanwhile = 'echo other >"$root/a"; rm "$root/folder/file"';
    expect(compare({ meanwhile })).toMatchObject({
      same: { count: 4 },
      damaged: none,
      unreadable: none,
      changed: { count: 1, names: ['a'] },
      removed: { count: 1, names: ['folder/file'] },
      gone: { bytes: 11 },
    });
  });

  it('names files that could not be read', () => {
    // Of the files that were to be read one was not.
    const meanwhile = `hash_files() { sorted "$lists/kept.files" | joined -o 1.1,2.4 - "$lists/sealed" | sed -z 1d >"$2.hashes"; }`;
    expect(compare({ meanwhile })).toMatchObject({
      same: { count: 5 },
      damaged: none,
      unreadable: { count: 1, names: [' two  words '], bytes: 12 },
    });
  });

  it('can be empty', () => {
    for (const name of NAMES) rmSync(path(name));
    expect(compare()).toMatchObject({ same: none, removed: { count: 6 }, gone: { bytes: ALL } });
    writeFileSync(join(folder, 'lists/manifest'), 'version=1 bytes=0\0');
    expect(compare()).toMatchObject({ all: none, removed: none });
  });
});
