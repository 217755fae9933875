/**
 * SQLite's message when it does not get a lock in time. On a share every lock is a round trip, so connections collide.
 */
export const lockTrouble = /database is locked/i;

/**
 * SQLite's own messages when its storage fails; they are the same for an app in any language. "database table is
 * locked" is left out on purpose: connections of one process lock each other out, on any disk. Source: the table in
 * `sqlite3ErrStr()` of SQLite's `src/main.c`.
 */
export const sqliteTrouble: readonly RegExp[] = Object.freeze([
  lockTrouble,
  /disk I\/O error/i,
  /database disk image is malformed/i,
  /attempt to write a readonly database/i,
  /unable to open database file/i,
  /database or disk is full/i,
  /file is not a database/i,
  /\blocking protocol\b/i,
]);

/**
 * Messages from below the database: EROFS, EIO, ENOSPC and ESTALE in the words of the C libraries and languages. glibc
 * and Go say "Input/output error", musl (Alpine images) and Node.js "I/O error"; Node.js has no name for ESTALE.
 * Sources: glibc's and musl's `strerror()`, Go's `syscall` tables, libuv's `uv_strerror()`.
 */
export const fileSystemTrouble: readonly RegExp[] = Object.freeze([
  /read-only file system/i,
  /input\/output error/i,
  /\bI\/O error/i,
  /no space left on device/i,
  /stale (NFS )?file handle/i,
  /unknown system error -116\b/i,
]);

/**
 * Messages of the *arr apps when they open a database and SQLite refuses. The second line is the only trace of a log
 * database that was discarded. Source: `CreateMain()` and `CreateLog()` in `NzbDrone.Core/Datastore/DbFactory.cs`.
 */
export const servarrTrouble: readonly RegExp[] = Object.freeze([
  /Database file: .+ is corrupt/,
  /Logging database is corrupt/,
]);
