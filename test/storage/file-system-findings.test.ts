import { describe, expect, it } from 'vitest';
import type { MountedErrors } from '../../lib/scripts/lun/mounted-errors';
import { mountedFindings, superblockFindings } from '../../lib/storage/file-system-findings';

const owner = { app: 'tv', place: 'LUN 1 of iqn.2000-01.com.example:tv', node: 'node-a' };
const none = { count: 0, first: '', last: '', function: '' };
const three = { count: 3, first: '2026-01-31T12:00:00Z', last: '2026-01-31T12:05:00Z', function: 'ext4_find_entry' };
const well: MountedErrors = {
  device: '/dev/sdb',
  type: 'ext4',
  mountpoint: '/var/lib/kubelet/plugins/tv',
  diskState: 'running',
  stopped: '',
  disk: '',
  look: '',
  errors: none,
};

describe('a file system that is mounted', () => {
  it('is fine while it is writable and has recorded no error', () => {
    expect(mountedFindings(owner, well)).toEqual([]);
  });

  it.each<[string, Partial<MountedErrors>, string, RegExp]>([
    [
      'is read-only by the kernel',
      { stopped: 'ro', errors: three },
      'file-system-stopped',
      /as ro.*3 errors from 2026.*ext4_find_entry/,
    ],
    [
      'has an aborted journal, and is shown as if it were written to',
      { errors: { ...three, function: 'ext4_journal_check_start' } },
      'file-system-stopped',
      /journal was aborted/,
    ],
    ['is stopped', { stopped: 'emergency_ro' }, 'file-system-stopped', /emergency_ro/],
    [
      'of xfs gives errors',
      { type: 'xfs', look: 'ls: Input/output error' },
      'file-system-stopped',
      /\(xfs\).*Input\/output/,
    ],
    [
      'has a disk that fails',
      { diskState: 'transport-offline', disk: 'dd: Input/output error' },
      'file-system-stopped',
      /disk can't be read/,
    ],
    ['has recorded errors and is written to', { errors: three }, 'file-system-errors', /mounted at .*3 errors/],
    [
      'has a disk that waits for its session',
      { diskState: 'blocked', disk: 'hangs' },
      'storage-silent',
      /could not be asked.*is blocked/,
    ],
    ['hangs', { look: 'hangs', stopped: 'ro' }, 'storage-silent', /could not be asked.*does not answer/],
  ])('that %s', (_, seen, code, found) => {
    expect(mountedFindings(owner, { ...well, ...seen })).toEqual([
      expect.objectContaining({
        code,
        severity: 'error',
        affects: { node: 'node-a' },
        found: expect.stringMatching(found),
      }),
    ]);
  });
});

describe('an unmounted file system', () => {
  it.each(['clean', 'not clean', ''])(
    'is fine in state "%s" without errors, because the next mount replays the journal',
    (state) => {
      expect(superblockFindings(owner, { type: 'ext4', state, errors: none })).toEqual([]);
    },
  );

  it.each([
    ['clean with errors', none],
    ['clean', three],
  ])('has errors in state "%s" with %o', (state, errors) => {
    expect(superblockFindings(owner, { type: 'ext4', state, errors })).toEqual([
      expect.objectContaining({ code: 'file-system-errors', severity: 'error' }),
    ]);
  });
});
