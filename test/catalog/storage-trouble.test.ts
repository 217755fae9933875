import { describe, expect, it } from 'vitest';
import { fileSystemTrouble, sqliteTrouble } from '../../lib/catalog/storage-trouble';

const matches = (patterns: readonly RegExp[], text: string) => patterns.some((pattern) => pattern.test(text));

describe('sqliteTrouble', () => {
  it.each([
    ['SQLITE_BUSY', 'database is locked'],
    ['SQLITE_READONLY', 'attempt to write a readonly database'],
    ['SQLITE_IOERR', 'disk I/O error'],
    ['SQLITE_CORRUPT', 'database disk image is malformed'],
    ['SQLITE_FULL', 'database or disk is full'],
    ['SQLITE_CANTOPEN', 'unable to open database file'],
    ['SQLITE_PROTOCOL', 'locking protocol'],
    ['SQLITE_NOTADB', 'file is not a database'],
  ])('%s', (_, text) => expect(matches(sqliteTrouble, text)).toBe(true));

  it.each([
    ['SQLITE_LOCKED', 'database table is locked'],
    ['SQLITE_ERROR', 'SQL logic error'],
    ['SQLITE_CONSTRAINT', 'constraint failed'],
    ['SQLITE_INTERRUPT', 'interrupted'],
    ['SQLITE_NOMEM', 'out of memory'],
  ])('%s is a problem of the app, not of its storage', (_, text) => expect(matches(sqliteTrouble, text)).toBe(false));
});

describe('fileSystemTrouble', () => {
  it.each([
    ['EIO', 'glibc', 'Input/output error'],
    ['EIO', 'musl', 'I/O error'],
    ['EIO', 'Go', 'input/output error'],
    ['EIO', 'Node.js', 'EIO: i/o error, read'],
    ['EROFS', 'glibc and musl', 'Read-only file system'],
    ['EROFS', 'Go and Node.js', 'read-only file system'],
    ['ENOSPC', 'glibc and musl', 'No space left on device'],
    ['ENOSPC', 'Go and Node.js', 'no space left on device'],
    ['ESTALE', 'glibc and musl', 'Stale file handle'],
    ['ESTALE', 'Go', 'stale NFS file handle'],
    ['ESTALE', 'Node.js', "Unknown system error -116: Unknown system error -116, open '/config/a'"],
  ])('%s of %s', (_error, _library, text) => expect(matches(fileSystemTrouble, text)).toBe(true));

  it.each([
    'i/o timeout',
    'Unknown system error -1161',
    'No such file or directory',
    'Permission denied',
    'Connection refused',
  ])('does not match "%s"', (text) => expect(matches(fileSystemTrouble, text)).toBe(false));
});
