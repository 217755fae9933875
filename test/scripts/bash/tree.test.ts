import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ListedTree } from '../listed-tree';

let tree: ListedTree;
beforeEach(() => {
  tree = new ListedTree();
});
afterEach(() => tree.remove());

const COUNTS = `declare -A count; count_types "$lists"; echo "$entries \${count[f]} \${count[d]} \${count[l]} \${count[s]}"`;

describe('a tree', () => {
  it('is counted by types, without files of the file system and of Lunward', () => {
    mkdirSync(tree.path('empty'));
    mkdirSync(tree.path('lost+found'));
    mkdirSync(tree.path('.lunward'));
    tree.write('.lunward/marker', 'state=building\n');
    tree.write('-rf', 'x'.repeat(1000));
    tree.write('line\nbreak', 'xy');
    symlinkSync('/etc', tree.path('away'));
    expect(tree.run(`${COUNTS}; sum_of "$lists/bytes"`)).toBe('4 2 1 1 0\n1002');
  });

  it('counts a file with several names once', () => {
    tree.write('one', 'x'.repeat(100));
    linkSync(tree.path('one'), tree.path('two\nwords'));
    tree.write('alone', 'x');
    linkSync(tree.path('alone'), join(tree.folder, 'elsewhere'));
    expect(tree.run('bytes=0 blocks=0; count_links "$lists/linked"; echo "$links $outside $bytes"')).toBe('2 1 101');
  });

  it('leaves out removed files that an NFS client keeps, and no files of a user', () => {
    tree.write(`.nfs${'0123456789abcdef'.repeat(2).slice(0, 24)}`, 'x');
    tree.write('.nfsrc');
    tree.write('.nfs0123456789ABCDEF01234567');
    mkdirSync(tree.path(`.nfs${'0'.repeat(24)}`));
    expect(JSON.parse(tree.run('names_of "$lists/removed"'))).toEqual({
      count: 1,
      names: ['.nfs0123456789abcdef01234567'],
    });
    expect(tree.run(COUNTS)).toMatch(/^3 /);
  });

  it('lists twenty names and the total', () => {
    for (let index = 0; index < 30; index++) tree.write(`ü${index}\xff`, '');
    expect(tree.run('not_utf8 "$lists/odd" | wc -c')).toBe('0');
    for (let index = 0; index < 30; index++) tree.write(Buffer.from(`\xff${index}`, 'latin1'));
    const { count, names } = JSON.parse(tree.run('not_utf8 "$lists/odd" >"$lists/notUtf8"; names_of "$lists/notUtf8"'));
    expect([count, names.length]).toEqual([30, 20]);
    expect(names[0]).toContain('\ufffd');
  });

  it('has files with holes', () => {
    tree.write('hole');
    truncateSync(tree.path('hole'), 10 * 1024 ** 2);
    tree.write('nearly a hole', Buffer.alloc(4096, 'x'));
    truncateSync(tree.path('nearly a hole'), 64 * 1024 ** 2);
    tree.write('full', Buffer.alloc(100_000, 'x'));
    expect(tree.run('sparse_of "$lists"')).toBe('2');
  });

  it('has files that can’t be read', () => {
    tree.write('secret', 'x');
    chmodSync(tree.path('secret'), 0);
    // Root reads everything on a disk of its own; only a server says no to it.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    for (const folder of [tree.folder, tree.lists]) chmodSync(folder, 0o777);
    expect(JSON.parse(tree.run('names_of "$lists/unreadable"', nobody))).toEqual({ count: 1, names: ['secret'] });
  });
});

describe('UTF-8', () => {
  it.each<[string, number[]]>([
    ['is', [0x41, 0xc3, 0xbc, 0xe2, 0x9c, 0x93, 0xf0, 0x9f, 0x8e, 0xac, 0x0a, 0x20]],
    ['is not', [0xff]],
    ['is not', [0x41, 0xe9]],
    ['is not', [0xc0, 0xaf]],
    ['is not', [0xed, 0xa0, 0x80]],
    ['is not', [0xf5, 0x80, 0x80, 0x80]],
    ['is not', [0xe2, 0x9c]],
  ])('%s what these bytes are: %j', (answer, bytes) => {
    const name = bytes.map((byte) => `\\x${byte.toString(16)}`).join('');
    expect(tree.run(`if is_utf8 $'${name}'; then echo is; else echo 'is not'; fi`)).toBe(answer);
  });
});
