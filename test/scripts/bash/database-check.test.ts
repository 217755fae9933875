import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOREIGN_COMPLAINT } from '../../../lib/scripts/copy/ignorable-sqlite-errors';
import { runLibraries } from '../run-libraries';

/** What becomes of what SQLite says of a copy: on its output, among its complaints, and at its end. */
function judged(said: string, complaints: string, code: number): { outcome: string; text: string; foreign: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-check-'));
  const lines = [
    `private=${folder}`,
    `sqlite() { printf '%s' "$SAID"; printf '%s' "$COMPLAINTS" >&2; return ${code}; }`,
    'ask_sqlite database; foreign_too=false; ! is_foreign "$text" || foreign_too=true',
    'json_object outcome "$(json_string "$outcome")" text "$(json_string "$text")" foreign "$foreign_too"',
  ];
  try {
    const parameters = { foreign: FOREIGN_COMPLAINT, SAID: said, COMPLAINTS: complaints };
    return JSON.parse(runLibraries(['undo', 'report', 'databases', 'database-check'], lines, { parameters }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a database', () => {
  it.each(['ok\n0|-1|-1\n', 'ok\n0|3|3\n'])('is intact if nothing else is reported: %j', (said) => {
    expect(judged(said, '', 0)).toEqual({ outcome: 'whole', text: '', foreign: false });
  });

  it.each<[string, string, number, string]>([
    ['row 5 missing from index i\nwrong # of entries in index i\n0|-1|-1\n', '', 0, 'row 5 missing from index i'],
    ['', 'Error: database disk image is malformed\n', 11, 'Error: database disk image is malformed '],
    ['Page 7: never used\n', 'Error: no such collation sequence: x\n', 1, 'Page 7: never used'],
    ['ok\n1|3|0\n', '', 0, 'its log can not be written into it'],
    ['', '', 139, 'it ended with 139: '],
  ])('is damaged where its content is complained of: %j %j', (said, complaints, code, text) => {
    expect(judged(said, complaints, code)).toEqual({ outcome: 'complaint', text, foreign: false });
  });

  it.each([
    'Error: stepping, malformed database schema (v) - no such module: fts9 (11)\n',
    'Parse error near line 1: No such collation sequence: ICU\n  PRAGMA integrity_check;\n  ^--- error here\n',
  ])('is unknown, not damaged, if the program lacks something: %j', (complaints) => {
    expect(judged('', complaints, 1)).toMatchObject({ outcome: 'complaint', foreign: true });
  });
});
