/** SQLite's words for a lock that it did not get in time: on a share each of them is a round trip, and connections meet. */
export const lockTrouble = /database is locked/i;

/**
 * SQLite's own words for what goes wrong when the storage below it does, whatever language the app is written in.
 * "database table is locked" is left out on purpose: connections of one process lock each other out, on any disk.
 * Source: the table in `sqlite3ErrStr()` of SQLite's `src/main.c`.
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
 * The same from below the database: EROFS, EIO, ENOSPC and ESTALE in the words of the C libraries and languages.
 * glibc and Go say "Input/output error", musl (Alpine images) and Node.js "I/O error"; Node.js has no name for ESTALE.
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
 * What the *arr apps add when they open a database and SQLite refuses. The second line is the only trace of a log
 * database that was thrown away. Source: `CreateMain()` and `CreateLog()` in `NzbDrone.Core/Datastore/DbFactory.cs`.
 */
export const servarrTrouble: readonly RegExp[] = Object.freeze([
  /Database file: .+ is corrupt/,
  /Logging database is corrupt/,
]);
