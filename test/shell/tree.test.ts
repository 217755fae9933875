import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = join(__dirname, '../../lib/shell/scripts');
const library = ['lib/undo.sh', 'lib/report.sh', 'lib/tree.sh'].map((name) =>
  readFileSync(join(scripts, name), 'utf8'),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-tree-'));
  mkdirSync(join(folder, 'tree'));
  mkdirSync(join(folder, 'lists'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string | Buffer, content: string | Buffer = '') =>
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/tree/`), Buffer.from(name)]), content);

/** Lists the tree and runs a body on it, by default as whoever runs the tests. */
function scan(body: string, owner: { readonly uid?: number; readonly gid?: number } = {}): string {
  const text = [
    'set -euo pipefail; export LC_ALL=C',
    ...library,
    `tree=${folder}/tree lists=${folder}/lists`,
    'scan_tree "$tree" "$lists" 60',
    body,
  ].join('\n');
  // A bash that takes its input for a connection would read ~/.bashrc first.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], { encoding: 'utf8', ...owner });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trimEnd();
}

describe('a tree', () => {
  it('is counted by types, without what is the file system’s or ours', () => {
    mkdirSync(join(folder, 'tree', 'empty'));
    mkdirSync(join(folder, 'tree', 'lost+found'));
    mkdirSync(join(folder, 'tree', '.lunward'));
    write('.lunward/marker', 'state=building\n');
    write('-rf', 'x'.repeat(1000));
    write('line\nbreak', 'xy');
    symlinkSync('/etc', join(folder, 'tree', 'away'));
    expect(scan('for type in f d l; do count_of "$lists" "$type"; done; sum_of "$lists/bytes"')).toBe('2\n1\n1\n1002');
  });

  it('holds files of several names once', () => {
    write('one', 'x'.repeat(100));
    linkSync(join(folder, 'tree', 'one'), join(folder, 'tree', 'two\nwords'));
    write('alone', 'x');
    linkSync(join(folder, 'tree', 'alone'), join(folder, 'elsewhere'));
    expect(scan('bytes=0 blocks=0; count_links "$lists/linked"; echo "$links $outside $bytes"')).toBe('2 1 101');
  });

  it('leaves out what a client of NFS calls a removed file, and nothing of a user’s', () => {
    write(`.nfs${'0123456789abcdef'.repeat(2).slice(0, 24)}`, 'x');
    write('.nfsrc');
    write('.nfs0123456789ABCDEF01234567');
    mkdirSync(join(folder, 'tree', `.nfs${'0'.repeat(24)}`));
    expect(JSON.parse(scan('names_of "$lists/removed"'))).toEqual({
      count: 1,
      names: ['.nfs0123456789abcdef01234567'],
    });
    expect(scan('wc -c <"$lists/types"')).toBe('3');
  });

  it('tells twenty names and the number of all', () => {
    for (let index = 0; index < 30; index++) write(`ü${index}\xff`, '');
    expect(scan('not_utf8 "$lists/odd" | wc -c')).toBe('0');
    for (let index = 0; index < 30; index++) write(Buffer.from(`\xff${index}`, 'latin1'));
    const { count, names } = JSON.parse(scan('not_utf8 "$lists/odd" >"$lists/notUtf8"; names_of "$lists/notUtf8"'));
    expect([count, names.length]).toEqual([30, 20]);
    expect(names[0]).toContain('\ufffd');
  });

  it('has files with holes', () => {
    write('hole');
    truncateSync(join(folder, 'tree', 'hole'), 10 * 1024 ** 2);
    write('nearly a hole', Buffer.alloc(4096, 'x'));
    truncateSync(join(folder, 'tree', 'nearly a hole'), 64 * 1024 ** 2);
    write('full', Buffer.alloc(100_000, 'x'));
    expect(scan('sparse_of "$lists"')).toBe('2');
  });

  it('has files that can’t be read', () => {
    write('secret', 'x');
    chmodSync(join(folder, 'tree', 'secret'), 0);
    // Root reads everything on a disk of its own; only a server says no to it.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    for (const name of ['', 'lists']) chmodSync(join(folder, name), 0o777);
    expect(JSON.parse(scan('names_of "$lists/unreadable"', nobody))).toEqual({ count: 1, names: ['secret'] });
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
    expect(scan(`if is_utf8 $'${name}'; then echo is; else echo 'is not'; fi`)).toBe(answer);
  });
});
