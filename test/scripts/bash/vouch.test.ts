import { chmodSync, linkSync, rmSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScannedTrees } from '../scanned-trees';

const SQLITE = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(1008)]);
const BOOT = 'boot=$(cat /proc/sys/kernel/random/boot_id)';
const HEADER = `version=2 attempt=$attempt volume=$volume uuid=$uuid ${BOOT} clock=1`;

let trees: ScannedTrees;

/** Leaves on the volume what a hashing of both sides leaves there. */
function hash(header = HEADER, alike = 'fields 1 "$lists/trusted"'): void {
  trees.run(`always=$(date --date '1 hour' +%s)
    for side in source target; do list_files "\${!side}" "$lists/$side" "$always"; hash_files "\${!side}" "$lists/$side" 2; done
    list_files "$source" "$lists/later" "$always"; trust_hashes "$lists/source" "$lists/later" "$lists/trusted"
    compare_files "$lists/trusted" "$lists/target"; ${alike} >"$lists/alike"
    only_alike "$lists/trusted" "$lists/alike"; manifest_of "$lists/trusted" "${header}" >"$target/.lunward/source.hashes"`);
}

/** @param limits in bash: the size of a tree that is read as a whole */
const vouched = (limits = 'quick_files=0') =>
  trees.paths(`${limits}; for side in source target; do scan_whole "\${!side}" "$lists/$side.scan"; files_of "$lists/$side.scan" >"$lists/$side.files"; done
    read_vouchers "$target" "$lists/source.files"; vouch "$lists/source.files" "$lists/target.files" "$lists/vouched"
    withdraw_databases "$lists/vouched" "$lists/target.files" "$target"
    vouch "$lists/source.files" "$lists/target.files" "$lists/vouched"; fields 1 "$lists/vouched" | decode`);

beforeEach(() => {
  trees = new ScannedTrees();
  for (const name of ['one', 'two\x01 words ', 'a', 'z']) trees.write(name, `content of ${name}`);
  linkSync(trees.path('a'), trees.path('b'));
  trees.copy();
});
afterEach(() => trees.remove());

const ALL = ['a', 'b', 'one', 'two\x01 words ', 'z'];
const LEFT = ['a', 'b', 'two\x01 words ', 'z'];

describe('a file has a valid hash', () => {
  it('if its hash is still valid on both sides', () => {
    hash();
    expect(vouched()).toEqual(ALL);
    expect(trees.run('fields 2 "$lists/vouched" | tr "\\0" "\\n" | sort --unique | wc --lines')).toBe('4\n');
  });

  it.each<[string, () => void]>([
    ['its source was written to', () => trees.write('one', 'content of 0ne')],
    ['its source got another mode', () => chmodSync(trees.path('one'), 0o600)],
    ['its source is gone', () => rmSync(trees.path('one'))],
    [
      'its copy was written to',
      () =>
        trees.run(
          'touch -r "$target/one" "$lists/t"; echo -n 0 | dd of="$target/one" conv=notrunc status=none; touch -r "$lists/t" "$target/one"',
        ),
    ],
    ['its copy got another time', () => utimesSync(trees.path('one', 'target'), 1, 1)],
    ['its copy is gone', () => rmSync(trees.path('one', 'target'))],
    ['its copy is a link', () => trees.run('rm "$target/one"; ln --symbolic a "$target/one"')],
  ])('but not once %s', async (_, change) => {
    hash();
    await sleep(20);
    change();
    expect(vouched()).toEqual(LEFT);
  });

  it('if everything else was equal too', () => {
    hash(HEADER, "printf 'one\\0z\\0'");
    expect(vouched()).toEqual(['one', 'z']);
  });

  it('with all names that it has, or none', async () => {
    hash();
    await sleep(20);
    rmSync(trees.path('b', 'target'));
    trees.run('cp --archive "$target/a" "$target/b"');
    expect(vouched()).toEqual(['one', 'two\x01 words ', 'z']);
  });

  it('unless it is a database, or a file next to one', () => {
    for (const name of ['db', 'c-wal', 'c-shm', 'c-journal']) {
      trees.write(name, SQLITE);
    }
    trees.write('other', Buffer.alloc(1024));
    trees.copy();
    hash();
    expect(vouched()).toEqual(['a', 'b', 'one', 'other', 'two\x01 words ', 'z']);
  });

  it.each([
    ['of another attempt', HEADER.replace('$attempt', '2')],
    ['of another volume', HEADER.replace('$volume', 'config-20')],
    ['of another file system', HEADER.replace('$uuid', '6f1b')],
    ['of another start of the node', HEADER.replace(BOOT, 'boot=6f1a3a4e')],
    ['of an earlier version', HEADER.replace('version=2', 'version=1')],
    ['of a later version', HEADER.replace('version=2', 'version=20')],
  ])('but not from a list %s', (_, header) => {
    hash(header);
    expect(vouched()).toEqual([]);
  });

  it.each([
    ['few files of few bytes', ':', []],
    ['more files', 'quick_files=4', ALL],
    // Two names of one file count its bytes once.
    ['more bytes', 'quick_bytes=59', ALL],
    ['as many bytes and files as the limits', 'quick_files=5 quick_bytes=60', []],
  ])('if its tree has %s', (_, limits, names) => {
    hash();
    expect(vouched(limits)).toEqual(names);
  });

  it('but not without a list', () => {
    expect(vouched()).toEqual([]);
  });
});
