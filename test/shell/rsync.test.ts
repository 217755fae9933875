import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const scripts = join(__dirname, '../../lib/shell/scripts');
const library = ['lib/tree.sh', 'lib/rsync.sh'].map((name) => readFileSync(join(scripts, name), 'utf8')).join('\n');

/** What is left of what rsync said once the usual is taken away. */
function complaints(said: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-rsync-'));
  writeFileSync(join(folder, 'complaints'), said);
  const text = `set -euo pipefail; export LC_ALL=C\n${library}\nprivate=${folder}\ncomplaints`;
  // A bash that takes its input for a connection would read ~/.bashrc first.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const END =
  'rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338) [sender=3.2.7]\n';

it.each([
  [
    'a file that vanished',
    'file has vanished: "/tmp/source/gone"\nrsync warning: some files vanished before they could be transferred (code 24) at main.c(1338) [sender=3.2.7]\n',
  ],
  [
    'a file that became shorter',
    `rsync: [sender] read errors mapping "/tmp/source/log": No data available (61)\n${END}`,
  ],
  [
    'a file that was removed at the server',
    `rsync: [sender] send_files failed to open "/tmp/source/a": Stale file handle (116)\n${END}`,
  ],
])('is the usual while an app writes: %s', (_, said) => {
  expect(complaints(said)).toBe('');
});

it.each([
  [
    'a file that may not be read',
    'rsync: [sender] send_files failed to open "/tmp/source/secret": Permission denied (13)\n',
  ],
  ['a server that fails', 'rsync: [sender] read errors mapping "/tmp/source/db": Input/output error (5)\n'],
  ['a disk that is full', 'rsync: [receiver] write failed on "/t/large": No space left on device (28)\n'],
  [
    'a name that only looks like the usual',
    'rsync: [sender] send_files failed to open "/s/No data available (61)": Permission denied (13)\n',
  ],
])('is not: %s', (_, said) => {
  expect(complaints(said + END)).toBe(said);
});
