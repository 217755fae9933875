import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HashedTrees, sha256 } from '../hashed-trees';

let trees: HashedTrees;
beforeEach(() => {
  trees = new HashedTrees();
});
afterEach(() => trees.remove());

const awful = [
  "it's",
  '"quoted"',
  ' two  words ',
  'line\nbreak',
  'tab\t',
  '-rf',
  '--check',
  '#comment',
  'back\\slash',
  '\x01',
  'a\x01b',
  'a\nb',
  'a b',
  'a',
  '%',
  '%01',
  '%25',
  '%2501',
  'caf\xe9',
  '.hidden',
];

/** Changes its bytes, which neither size nor time tells then. */
function flip(name: string, side: 'source' | 'target'): void {
  trees.run(`touch --reference="$${side}/${name}" "$lists/time"`);
  trees.write(name, 'y'.repeat(statSync(trees.path(name, side)).size), side);
  trees.run(`touch --reference="$lists/time" "$${side}/${name}"`);
}

describe('hashes', () => {
  it('are those of the files, whatever they are called', () => {
    const names = awful.map((name) => Buffer.from(name, 'latin1'));
    for (const [index, name] of names.entries()) trees.write(name, `content ${index}`);
    mkdirSync(trees.path('-folder \n'));
    for (const [index, name] of names.entries()) {
      trees.write(Buffer.concat([Buffer.from('-folder \n/'), name]), `deeper ${index}`);
    }
    trees.copy();
    trees.hashSource();
    trees.trust();
    const { same, differing, missing } = trees.compare();
    expect([same.length, differing, missing]).toEqual([2 * awful.length, [], []]);
    const manifest = trees.manifest();
    expect(manifest.size).toBe(2 * awful.length);
    for (const [index, name] of awful.entries()) {
      expect(manifest.get(name)?.hash, name).toBe(sha256(`content ${index}`));
      expect(manifest.get(`-folder \n/${name}`)?.hash, name).toBe(sha256(`deeper ${index}`));
    }
  });

  it('cover all files, including empty and sparse ones, and nothing else', () => {
    trees.write('empty');
    trees.write('holes', 'x');
    truncateSync(trees.path('holes'), 8 * 1024 ** 2);
    symlinkSync('/etc/hostname', trees.path('away'));
    mkdirSync(trees.path('folder'));
    trees.run('mkfifo "$source/fifo"');
    trees.hashSource();
    expect(trees.trust()).toEqual(['empty', 'holes']);
    trees.copy();
    trees.compare();
    const holes = Buffer.alloc(8 * 1024 ** 2);
    holes.write('x');
    expect([...trees.manifest().values()].map(({ hash, size }) => [hash, size])).toEqual([
      [sha256(''), '0'],
      [sha256(holes), String(8 * 1024 ** 2)],
    ]);
  });

  it('leave out files of the file system, of Lunward and of NFS clients, only in their own places', () => {
    for (const folder of ['lost+found', '.lunward', 'deeper', 'deeper/lost+found', 'deeper/.lunward']) {
      mkdirSync(trees.path(folder));
      trees.write(`${folder}/file`, 'x');
    }
    const removed = `.nfs${'0123456789abcdef'.repeat(2).slice(0, 24)}`;
    mkdirSync(trees.path(`.nfs${'0'.repeat(24)}`));
    for (const name of [removed, `deeper/${removed}`, '.nfsrc', `.nfs${'0'.repeat(24)}/file`]) trees.write(name, 'x');
    trees.hashSource();
    expect(trees.trust().sort()).toEqual(
      [`.nfs${'0'.repeat(24)}/file`, '.nfsrc', 'deeper/.lunward/file', 'deeper/file', 'deeper/lost+found/file'].sort(),
    );
  });

  it('are read once for a file with several names', () => {
    trees.write('one', 'x'.repeat(100_000));
    linkSync(trees.path('one'), trees.path('two\nwords'));
    linkSync(trees.path('one'), trees.path('-3'));
    trees.write('alone', 'x');
    linkSync(trees.path('alone'), `${trees.folder}/elsewhere`);
    trees.hashSource();
    expect(trees.run('sum_to_hash "$lists/source" 3')).toBe('100001\n');
    expect(trees.trust()).toEqual(['-3', 'alone', 'one', 'two\nwords']);
    trees.compare();
    expect(trees.manifest().get('two\nwords')).toEqual({
      hash: sha256('x'.repeat(100_000)),
      size: '100000',
      targetCtime: '-',
    });
  });

  it('are none where there are no files', () => {
    trees.hashSource();
    expect(trees.trust()).toEqual([]);
    expect(trees.compare()).toEqual({ same: [], differing: [], missing: [] });
    expect(trees.manifest().size).toBe(0);
  });
});

describe('a hash is valid', () => {
  beforeEach(() => {
    for (const name of ['quiet', 'moving']) trees.write(name, 'x'.repeat(10));
  });

  it.each<[string, () => void]>([
    ['was written to meanwhile', () => trees.write('moving', 'y')],
    ['got other bytes meanwhile, though size and time are the same', () => flip('moving', 'source')],
    [
      'is another one meanwhile',
      () => {
        trees.write('new', 'x'.repeat(10));
        renameSync(trees.path('new'), trees.path('moving'));
      },
    ],
    ['was removed meanwhile', () => rmSync(trees.path('moving'))],
    ['got another time meanwhile', () => utimesSync(trees.path('moving'), 1, 1)],
  ])('unless the file %s', (_, change) => {
    trees.hashSource();
    change();
    expect(trees.trust()).toEqual(['quiet']);
    expect(trees.run('cat "$trusted.unread"')).toBe('');
  });

  it('unless the file appeared only after the first listing', () => {
    trees.hashSource();
    trees.write('new', 'x');
    expect(trees.trust()).toEqual(['moving', 'quiet']);
  });

  it('if the file had not changed for two seconds before it was read, by the server’s clock', async () => {
    await sleep(2100);
    trees.write('fresh', 'x');
    trees.hashSource();
    const clock = trees.run('last_change "$lists/source"').trim();
    expect(Number(clock)).toBeCloseTo(statSync(`${trees.folder}/source`).ctimeMs / 1000, 0);
    const [seconds, fraction] = clock.split('.');
    expect(trees.trust(`${Number(seconds) - 2}.${fraction}`)).toEqual(['moving', 'quiet']);
    expect(trees.trust(`${Number(seconds) - 3}.${fraction}`)).toEqual([]);
  });

  it('but not with a time in the future', () => {
    trees.run('list_files "$source" "$lists/source" "$(date --date "-1 hour" +%s)"');
    expect(trees.run('last_change "$lists/source"')).toBe('0\n');
  });

  it('and an unreadable file is reported by name', () => {
    chmodSync(trees.path('moving'), 0);
    // Root reads everything on a disk of its own; only a server says no to it.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    for (const name of ['', 'lists']) chmodSync(`${trees.folder}/${name}`, 0o777);
    trees.run('list_files "$source" "$lists/source" "$always"; hash_files "$source" "$lists/source" 3', nobody);
    expect(trees.trust()).toEqual(['quiet']);
    expect(trees.run('cat "$trusted.unread"')).toBe('moving\0');
    expect(trees.run('cat "$lists/source.complaints"')).toContain('moving: Permission denied');
  });
});

describe('a copy', () => {
  beforeEach(() => {
    for (const name of ['right', 'wrong', 'changed', 'new', 'touched']) trees.write(name, 'x'.repeat(10));
    trees.copy();
    flip('wrong', 'target');
    rmSync(trees.path('new', 'target'));
    trees.write('changed', 'other');
    utimesSync(trees.path('touched'), 1, 1);
    trees.write('more', 'x', 'target');
    trees.hashSource();
    trees.trust();
  });

  it('differs if its bytes differ, and is outdated if size or time differs', () => {
    expect(trees.compare()).toEqual({ same: ['right'], differing: ['wrong'], missing: ['new'] });
  });

  it('has a valid hash only if its bytes are the same', () => {
    trees.compare();
    const { ctimeMs } = statSync(trees.path('right', 'target'));
    const manifest = trees.manifest();
    expect([...manifest].filter(([, { targetCtime }]) => targetCtime !== '-').map(([name]) => name)).toEqual(['right']);
    expect(Number(manifest.get('right')?.targetCtime)).toBeCloseTo(ctimeMs / 1000, 2);
    expect(manifest.get('changed')?.hash).toBe(sha256('other'));
  });
});
