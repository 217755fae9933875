/**
 * What SQLite says where not the content of a file is wrong, but the program that was asked lacks something: it may be older
 * than the app's own, or lack an extension of it ("malformed database schema", "no such collation sequence", "unknown
 * tokenizer"). A regular expression for a shell as well, in which case does not count.
 *
 * Source: `sqlite3ErrStr` in SQLite's main.c; messages of `PRAGMA integrity_check` have no code of their own.
 */
export const FOREIGN_COMPLAINT =
  'malformed database schema|unsupported file format|no such (module|collation|function|tokenizer)|unknown tokenizer';
