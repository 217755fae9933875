/**
 * Messages of SQLite that show a limitation of the node's sqlite3, not damage to the file: it may be older than the
 * app's SQLite, or lack one of its extensions ("malformed database schema", "no such collation sequence", "unknown
 * tokenizer"). The regular expression is valid for grep too, and is to be matched without regard to case.
 *
 * Source: `sqlite3ErrStr` in SQLite's main.c; messages of `PRAGMA integrity_check` have no code of their own.
 */
export const FOREIGN_COMPLAINT =
  'malformed database schema|unsupported file format|no such (module|collation|function|tokenizer)|unknown tokenizer';
