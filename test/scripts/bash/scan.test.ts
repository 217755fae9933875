import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScannedTrees } from '../scanned-trees';

const REMOVED = '.nfs0123456789abcdef01234567';

let trees: ScannedTrees;
beforeEach(() => {
  trees = new ScannedTrees();
  for (const name of ['b', 'a', 'c\nd', '%01', ' two  words ']) trees.write(name, name);
  mkdirSync(trees.path('folder'));
  trees.write('folder/file', 'x');
  symlinkSync('//away//', trees.path('link'));
});
afterEach(() => trees.remove());

describe('a digest of a tree', () => {
  it('is the same if nothing changes, even if files are read', () => {
    const before = trees.digest();
    trees.run('cat "$source/a" "$source/folder/file"; touch -a "$source/b"; sleep 0.01');
    // What is read may get another time, and with it another ctime.
    const now = trees.digest();
    trees.run('cat "$source/a" >/dev/null');
    expect(trees.digest()).toBe(now);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, () => void]>([
    ['a file is written to', () => trees.write('a', 'other')],
    [
      'a file gets other bytes, and its time back',
      () => trees.run('touch -r "$source/a" "$lists/t"; echo b >"$source/a"; touch -r "$lists/t" "$source/a"'),
    ],
    ['a mode changes', () => chmodSync(trees.path('folder'), 0o700)],
    ['a time changes', () => utimesSync(trees.path('a'), 1, 1)],
    ['a file is renamed', () => renameSync(trees.path('a'), trees.path('z'))],
    ['a file is removed', () => rmSync(trees.path('folder/file'))],
    ['a file gets another name', () => linkSync(trees.path('a'), trees.path('folder/a'))],
    [
      'a file is replaced by the same',
      () => trees.run('cp --archive "$source/a" "$source/a2"; mv "$source/a2" "$source/a"'),
    ],
    ['a link leads elsewhere', () => trees.run('ln --force --symbolic --no-dereference /away "$source/link"')],
    ['somebody has a removed file open', () => trees.write(REMOVED)],
  ])('is another one once %s', (_, change) => {
    const before = trees.digest();
    change();
    expect(trees.digest()).not.toBe(before);
  });

  it('covers what is copied', () => {
    mkdirSync(trees.path('.lunward'));
    mkdirSync(trees.path('lost+found'));
    const before = trees.digest();
    trees.write('.lunward/marker');
    trees.write('lost+found/file');
    expect(trees.digest()).toBe(before);
  });
});

describe('a scan', () => {
  const unequal = () =>
    trees.paths(`for side in source target; do scan_whole "$(eval echo \\$$side)" "$lists/$side"
      fields "$copied_fields" "$lists/$side" >"$lists/$side.copied"; first_names "$lists/$side" >"$lists/$side.names"; done
      { unequal "$lists/source.copied" "$lists/target.copied"; unequal "$lists/source.names" "$lists/target.names"; }`);

  it('finds no difference between equal trees', () => {
    linkSync(trees.path('a'), trees.path('folder/a'));
    trees.run('mkfifo "$source/fifo"');
    trees.copy();
    expect(unequal()).toEqual([]);
  });

  it.each<[string, () => void, string[]]>([
    ['is missing', () => rmSync(trees.path('c\nd', 'target')), ['', 'c\nd', 'c\nd']],
    ['is too much', () => trees.write('more\x01', '', 'target'), ['', 'more\x01', 'more\x01']],
    ['has another mode', () => chmodSync(trees.path('folder', 'target'), 0o700), ['folder']],
    ['has another time', () => utimesSync(trees.path('%01', 'target'), 1, 1), ['%01']],
    [
      'is longer',
      () => trees.run('touch -r "$target/a" "$lists/t"; echo >>"$target/a"; touch -r "$lists/t" "$target/a"'),
      ['a'],
    ],
    [
      'leads elsewhere',
      () =>
        trees.run(
          'ln --force --symbolic --no-dereference /away "$target/link"; touch --no-dereference -r "$source/link" "$target/link"; touch -r "$source" "$target"',
        ),
      ['link'],
    ],
  ])('finds what %s', (_, change, found) => {
    trees.copy();
    change();
    expect(unequal()).toEqual(found);
  });

  it('finds hard links that became two files, and two files that became hard links', () => {
    linkSync(trees.path('a'), trees.path('folder/a'));
    trees.copy();
    trees.run(
      'cp --archive "$target/a" "$target/n"; mv "$target/n" "$target/folder/a"; touch -r "$source/folder" "$target/folder"; touch -r "$source" "$target"',
    );
    expect(unequal()).toEqual(['folder/a']);
    trees.run('ln --force "$target/a" "$target/b"');
    expect(unequal()).toContain('b');
  });

  it('lists no files in an empty tree', () => {
    trees.run('rm --recursive "$source"; mkdir --parents "$source/folder"');
    expect(trees.run('scan_whole "$source" "$lists/scan"; files_of "$lists/scan"')).toBe('');
  });

  it('lists files in the format of the hashes', () => {
    linkSync(trees.path('a'), trees.path('folder/a'));
    const body = (list: string) => `${list} | cut -z -d "$between" -f 1-5`;
    trees.run('list_files "$source" "$lists/listed" 0');
    expect(trees.run(`scan_whole "$source" "$lists/scan"; ${body('files_of "$lists/scan"')}`)).toBe(
      trees.run(body('cat "$lists/listed"')),
    );
    expect(trees.run('entries_of "$lists/scan"')).toBe('9\n');
  });
});
