import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

/** What is left of what rsync said once the usual is taken away. */
function complaints(said: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-rsync-'));
  writeFileSync(join(folder, 'complaints'), said);
  try {
    return runLibraries(['tree', 'rsync'], [`private=${folder}`, 'complaints']);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
])('is normal while an app writes: %s', (_, said) => {
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
