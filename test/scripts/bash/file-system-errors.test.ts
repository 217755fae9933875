import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-file-system-errors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const run = (line: string) => runLibraries(['report', 'file-system-errors'], [line]);

const plugin = '/var/lib/kubelet/plugins/kubernetes.io/iscsi/a\\040b';
const own = `31 22 8:16 / ${plugin} rw,relatime shared:7 - ext4 /dev/sdb rw,emergency_ro
32 22 8:16 / /var/lib/kubelet/pods/1/volumes/config rw,relatime - ext4 /dev/sdb rw,emergency_ro
33 22 8:161 / /other rw - ext4 /dev/sdk rw
`;

it('each mount of a device is found once, in whatever mount namespace, with its options', () => {
  write('900/mountinfo', own);
  write('12/mountinfo', own);
  write('1000/mountinfo', '50 49 8:16 /data /config rw,relatime - ext4 /dev/sdb rw,emergency_ro\n');
  expect(run(`mounts_of ${folder} 8:16`).trimEnd().split('\n')).toEqual(
    [
      `12 ${plugin} rw,relatime ext4 rw,emergency_ro`,
      '12 /var/lib/kubelet/pods/1/volumes/config rw,relatime ext4 rw,emergency_ro',
      '1000 /config rw,relatime ext4 rw,emergency_ro',
    ].sort((left, right) => Number(left.split(' ')[0]) - Number(right.split(' ')[0]) || (left < right ? -1 : 1)),
  );
  expect(run(`mounts_of ${folder} 8:32`)).toBe('');
});

it.each([
  ['rw,relatime', 'rw,errors=remount-ro', ''],
  ['rw,relatime', 'rw,emergency_ro', 'emergency_ro'],
  ['rw,relatime', 'rw,shutdown', 'shutdown'],
  ['rw,relatime', 'ro,stripe=16', 'ro'],
  ['ro,relatime', 'ro', ''],
  ['ro,relatime', 'rw', ''],
])('a mount with %s of a file system with %s was stopped: "%s"', (options, superOptions, stopped) => {
  expect(run(`stopped_by ${options} ${superOptions}`).trimEnd()).toBe(stopped);
});

it('what ext4 has recorded is read from the kernel', () => {
  write('fs/ext4/sdb/errors_count', '3\n');
  write('fs/ext4/sdb/first_error_time', '1769860800\n');
  write('fs/ext4/sdb/last_error_time', '1769861100\n');
  write('fs/ext4/sdb/last_error_func', 'ext4_journal_check_start\n');
  expect(JSON.parse(run(`recorded_errors ${folder} sdb`))).toEqual({
    count: 3,
    first: '2026-01-31T12:00:00Z',
    last: '2026-01-31T12:05:00Z',
    function: 'ext4_journal_check_start',
  });
});

it('a file system without errors, or of a type that records none, has none', () => {
  write('fs/ext4/sdb/errors_count', '0\n');
  write('fs/ext4/sdb/first_error_time', '0\n');
  const none = { count: 0, first: '', last: '', function: '' };
  expect(JSON.parse(run(`recorded_errors ${folder} sdb`))).toEqual(none);
  expect(JSON.parse(run(`recorded_errors ${folder} sdc`))).toEqual(none);
});

it('what a superblock has recorded is read from the output of dumpe2fs', () => {
  const text = [
    'Filesystem state:         clean with errors',
    'FS Error count:           2',
    'First error time:         Sat Jan 31 12:00:00 2026',
    'First error function:     ext4_find_entry',
    'Last error time:          Sat Jan 31 12:05:00 2026',
    'Last error function:      ext4_journal_check_start',
  ].join('\n');
  expect(JSON.parse(run(`superblock_errors '${text}'`))).toEqual({
    count: 2,
    first: '2026-01-31T12:00:00Z',
    last: '2026-01-31T12:05:00Z',
    function: 'ext4_journal_check_start',
  });
  expect(run(`field_of '${text}' 'Filesystem state'`)).toBe('clean with errors\n');
});

it('reading reports nothing if it succeeds, and the reason if it fails', () => {
  expect(run(`tried ls ${folder}`)).toBe('');
  expect(run(`tried ls ${folder}/missing`)).toMatch(/No such file or directory/);
  expect(run('tried false')).toBe('ended with 1\n');
});

it('a read that does not end is not waited for', () => {
  // The test waits a second in place of ten.
  const soon = 'timeout() { shift 2; command timeout --signal=KILL 1 "$@"; }';
  // A process that the kernel does not release keeps what it has open; so does one that another one has started.
  expect(run(`${soon}; tried bash -c 'sleep 60 & wait'`)).toBe('hangs\n');
}, 30_000);
